"""Clusters of a dataset: found, named from its columns, stored; and the column that they become."""
