"""Files that belong to a tensor: metadata, sprites, bookmarks and media."""
