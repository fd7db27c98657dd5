"""Real vectors that any machine can make: passages of Python's own source code.

Word frequencies, weighted and reduced to 384 dimensions: high-dimensional text with near
duplicates (licenses) and passages without a known word (zero vectors), as real data has them.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

#: Lines of a passage, dimensions of its vector, and words that are counted.
LINES, N_DIMS, N_WORDS = 12, 384, 20_000


def text_vectors(n_points: int) -> NDArray[np.float32]:
    """Return vectors of passages, shape (n_points, 384), kept in the temporary directory."""
    kept = Path(tempfile.gettempdir()) / f"projector-benchmark-{n_points}.npy"
    if not kept.exists():
        np.save(kept, _make(n_points))
    found: NDArray[np.float32] = np.load(kept)
    return found


def _make(n_points: int) -> NDArray[np.float32]:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = _passages()
    random.Random(0).shuffle(texts)
    if len(texts) < n_points:
        raise SystemExit(f"There are only {len(texts):,} passages to make vectors of.")
    words = TfidfVectorizer(
        sublinear_tf=True,
        min_df=5,
        max_df=0.3,
        max_features=N_WORDS,
        token_pattern=r"[A-Za-z_]{3,}",
    ).fit_transform(texts[:n_points])
    reduced = TruncatedSVD(N_DIMS, random_state=0, n_iter=2).fit_transform(words)
    return np.ascontiguousarray(reduced, np.float32)


def _passages() -> list[str]:
    roots = [Path(sys.prefix) / "lib", Path(sys.base_prefix) / "lib", Path(np.__file__).parents[1]]
    found: dict[str, None] = {}
    for file in sorted({each for root in roots for each in root.rglob("*.py")}):
        lines = file.read_text(encoding="utf-8", errors="ignore").split("\n")
        for start in range(0, len(lines) - LINES, LINES):
            text = "\n".join(lines[start : start + LINES])
            if len(text) > 200:
                found[text] = None
    return list(found)
