"""Text files of numbers: matrices, TensorBoard's tensors.tsv and word vectors."""
