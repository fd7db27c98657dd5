"""What the program talks about: values that check themselves at birth.

Rests on `errors`, `typing` and numpy; everything else rests on it. No file is opened here
except to write a result a person asked for (`tables.py`), no process is started, and nothing
here knows where its numbers came from.
"""
