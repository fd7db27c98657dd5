"""Stores: folders and archives whose files are the parts of one thing."""
