"""Files of search indexes, as far as the vectors themselves are in them."""
