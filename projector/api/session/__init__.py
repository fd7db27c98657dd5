"""What a server keeps open: datasets, running projections, uploads, the shared selection."""
