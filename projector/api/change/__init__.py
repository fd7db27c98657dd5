"""Comparing datasets: what changed, how alike they are, how healthy each is, one layout for all."""
