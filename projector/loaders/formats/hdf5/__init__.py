"""HDF5 files: plain ones, Keras and AnnData."""
