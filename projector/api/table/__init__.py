"""Rows of a metadata table: their texts, their categories, and searching them."""
