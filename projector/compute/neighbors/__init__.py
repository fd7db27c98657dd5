"""Nearest-neighbor search: exact, by tree, and approximate with measured recall."""
