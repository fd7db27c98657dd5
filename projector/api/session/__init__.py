"""What a server holds open: datasets, running computations, uploads and the shared selection."""
