"""Log directories that are not on this machine: a sparse mirror, filled as its bytes are read."""
