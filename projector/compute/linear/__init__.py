"""Linear projections: PCA, custom axes, and dimensions as they are."""
