"""Reads the metadata table: texts, categories, search, and the columns to show first."""
