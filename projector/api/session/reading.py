"""A dataset that is being read: its vectors are there before its metadata."""

from __future__ import annotations

import threading

from projector.model.dataset import Dataset

#: Seconds for which the rest of a dataset waits for the first picture of its vectors.
_PATIENCE = 3.0
#: Numbers of which a picture is made so soon that the rest need not wait.
_SMALL = 1 << 21


class Reading:
    """One dataset on its way from its files. Safe from any thread.

    Metadata of a million points take longer to read than a PCA takes to compute, and both need the
    same cores: whoever draws a picture of the vectors holds the rest back until it is drawn.

    Attributes
    ----------
    vectors : Dataset or None
        The vectors alone, once they are there.
    error : Exception or None
        Why it could not be read.
    """

    def __init__(self) -> None:
        self.vectors: Dataset | None = None
        self.error: Exception | None = None
        self._begun, self._ended = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._is_taken = self._is_held = False
        self._drawn = threading.Event()

    def take(self) -> bool:
        """Tell whether it is for the caller to read: for the first one who asks."""
        with self._lock:
            is_first, self._is_taken = not self._is_taken, True
        return is_first

    def take_vectors(self, vectors: Dataset) -> None:
        """Go on with the vectors; wait while somebody draws them (called by who reads)."""
        with self._lock:
            self.vectors = vectors
            self._begun.set()
            is_held = self._is_held and vectors.vectors.size > _SMALL
        if is_held:
            self._drawn.wait(_PATIENCE)

    def end(self, error: Exception | None = None) -> None:
        """Tell all who wait that nothing more will come."""
        self.error = error
        self._begun.set()
        self._ended.set()

    def wait(self) -> None:
        """Wait until everything was read, or could not be."""
        self._ended.wait()

    def hold(self) -> None:
        """Let the rest wait until `drawn` is called, for a few seconds at most."""
        with self._lock:
            self._is_held = True

    def wait_for_vectors(self) -> Dataset | None:
        """Return the vectors; None where they come with the rest, or not at all."""
        self._begun.wait()
        return self.vectors

    def drawn(self) -> None:
        """Let the rest be read now."""
        self._drawn.set()
