"""The words of a column of texts: which text has which, each counted once a text."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from projector.model.text import PackedText

#: Letters and digits of any script; a single letter or digit is no word.
_WORD = re.compile(r"\w[\w'\u2019]+")
#: Texts that are read between two looks at `check`.
_PIECE = 4096


@dataclass(frozen=True)
class Words:
    """Which words stand in which text.

    Attributes
    ----------
    names : list of str
        Every word once, folded to small letters.
    codes : ndarray of shape (n_found,), int32
        Indices into `names`: text `i` has ``codes[offsets[i]:offsets[i + 1]]``, none twice.
    offsets : ndarray of shape (n_texts + 1,), int64
    """

    names: list[str]
    codes: NDArray[np.int32] = field(repr=False)
    offsets: NDArray[np.int64] = field(repr=False)

    def counts(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return in how many of the texts `rows` each word stands, of shape (n_names,)."""
        starts, lengths = self.offsets[rows], np.diff(self.offsets)[rows]
        # Each piece begins where its text does: one range, shifted text by text.
        shifts = np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
        found = self.codes[shifts + np.arange(int(lengths.sum()))]
        return np.bincount(found, minlength=len(self.names))


def words_of(text: PackedText, check: Callable[[], object] = lambda: None) -> Words:
    """Return the words of all texts; a missing text has none.

    Parameters
    ----------
    text : PackedText
    check : callable, optional
        Called every few thousand texts; if it raises, the work ends.

    Notes
    -----
    A million short texts take about 4 s and keep the interpreter busy; keep the result.
    """
    known: dict[str, int] = {}
    codes, lengths = array("i"), array("i")
    for start in range(0, len(text), _PIECE):
        check()
        for each in text[start : start + _PIECE]:
            found = set(_WORD.findall(each.casefold())) if each else ()
            codes.extend([known.setdefault(word, len(known)) for word in sorted(found)])
            lengths.append(len(found))
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(np.array(lengths, np.int64), out=offsets[1:])
    return Words(list(known), np.array(codes, np.int32), offsets)
