"""SQLite files: tables with vectors, and the stores that are made of them."""
