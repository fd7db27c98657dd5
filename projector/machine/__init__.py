"""What the machine provides: scratch files for large arrays, and threads for blocking calls."""
