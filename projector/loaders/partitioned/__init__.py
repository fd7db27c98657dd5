"""Opens and reads datasets in parts: many files, of which never more than a piece is in memory."""
