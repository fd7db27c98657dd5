"""Callbacks of training libraries, which log an evaluation set's embeddings every n steps.

Each module imports its library, and is imported only by those who have it.
"""
