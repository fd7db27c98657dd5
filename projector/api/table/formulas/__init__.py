"""A small language over the columns of a dataset: filters and computed columns."""
