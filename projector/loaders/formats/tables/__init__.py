"""Tables: Parquet, Arrow, CSV and JSON lines."""
