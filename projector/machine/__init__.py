"""Scratch files for large arrays, and threads for blocking calls."""
