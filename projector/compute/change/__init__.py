"""How a set of vectors changes: kept neighbors, shift, similarity, groups that move."""
