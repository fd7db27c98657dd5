"""The layout of AnnData: matrices and a table of observations, in HDF5 or zarr."""
