"""Files of whole models for inference: their weights, and the vocabulary where it is inside."""
