"""Linear projections: PCA, custom axes and raw dimensions."""
