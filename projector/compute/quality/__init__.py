"""Scores of how faithfully a projection keeps its neighborhoods."""
