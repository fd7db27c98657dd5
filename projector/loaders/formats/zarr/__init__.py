"""Zarr arrays, versions 2 and 3: their metadata, chunks and codecs, in whatever holds the keys."""
