"""Counts what clients asked and what they were answered; threads share one."""

from __future__ import annotations

import threading
from collections import Counter


class Tally:
    """Requests, refusals and wrong answers.

    Attributes
    ----------
    asked, refused : Counter
        By what was asked; a refusal is an answer of 4xx, 503 or 507, or a job that failed with
        a sentence.
    wrong : list of str
        Everything else: a 500, a wrong number, an answer that never came.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.asked: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.sentences: Counter[str] = Counter()
        self.wrong: list[str] = []

    def right(self, what: str) -> None:
        """Count an answer that was right."""
        with self._lock:
            self.asked[what] += 1

    def refuse(self, what: str, sentence: str) -> None:
        """Count a clear refusal."""
        with self._lock:
            self.asked[what] += 1
            self.refused[what] += 1
            self.sentences[sentence[:160]] += 1

    def fail(self, what: str, seen: str) -> None:
        """Count an answer that must not be."""
        with self._lock:
            self.asked[what] += 1
            self.wrong.append(f"{what}: {seen[:500]}")
