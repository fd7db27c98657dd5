"""The data model: values that are validated when they are created.

Rests on `errors`, `typing`, `machine` and numpy; everything else rests on it. It starts no
process and reads no file: where the numbers came from is not known here.
"""
