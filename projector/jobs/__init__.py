"""Long work, for anyone: submit, progress, frames, pause, cancel, and the store of results.

A job is a named function that runs in a process of its own, so that stopping it, its running
out of memory or its crash can not hurt whoever asked. Nothing here knows what an embedding is.
Rests on `model.progress` and `errors`.
"""
