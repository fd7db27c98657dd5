"""The words of texts in any language: which text has which, each counted once a text."""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from projector.model.text import PackedText

#: Scripts whose words are not spaced: Thai, Lao, Burmese, Khmer, kana, Chinese characters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
#: Texts that are read between two looks at `check`.
_PIECE = 4096


@dataclass(frozen=True)
class Words:
    """Which words stand in which text.

    Attributes
    ----------
    names : list of str
        Every word once, in small letters.
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


def words_of(
    text: PackedText,
    check: Callable[[], object] = lambda: None,
    rows: NDArray[np.int64] | None = None,
) -> Words:
    """Return the words of all texts, or of those in `rows`; a missing text has none.

    Parameters
    ----------
    text : PackedText
    check : callable, optional
        Called every few thousand texts; if it raises, the work ends.
    rows : ndarray of shape (n_texts,), int64, optional

    Notes
    -----
    Each counts once a text, so that one long text says no more than its author. A word begins
    with a letter, of any script, and has at least two signs; where words are not spaced, each
    two signs that follow each other stand for one. A million short texts take about 4 s and keep
    the interpreter busy; keep the result.
    """
    known: dict[str, int] = {}
    codes, lengths = array("i"), array("i")
    words, unspaced = _patterns()
    for start in range(0, len(text) if rows is None else len(rows), _PIECE):
        check()
        piece = slice(start, start + _PIECE)
        texts = text[piece] if rows is None else [text[row] for row in rows[piece].tolist()]
        for each in texts:
            found: set[str] = set()
            if each:
                folded = unicodedata.normalize("NFC", each.lower())
                found.update(words.findall(folded))
                for run in unspaced.findall(folded):
                    found.update(run[at : at + 2] for at in range(len(run) - 1))
            codes.extend([known.setdefault(word, len(known)) for word in sorted(found)])
            lengths.append(len(found))
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(np.array(lengths, np.int64), out=offsets[1:])
    return Words(list(known), np.array(codes, np.int32), offsets)


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    r"""Return patterns of words, and of runs of signs without spaces.

    ``\w`` lacks the marks that are part of a word in Hindi, Arabic, and of decomposed letters.
    """
    marks = "".join(
        re.escape(sign) for sign in map(chr, _marks()) if not re.match(f"[{_UNSPACED}]", sign)
    )
    letter = rf"(?:(?![{_UNSPACED}])[^\W\d_])"
    inside = rf"(?:(?![{_UNSPACED}])[\w{marks}]|['’](?=\w))"
    return re.compile(f"{letter}{inside}+"), re.compile(f"[{_UNSPACED}]{{2,}}")


def _marks() -> list[int]:
    most = min(sys.maxunicode, 0xFFFF)
    return [code for code in range(most) if unicodedata.category(chr(code)) in ("Mn", "Mc")]
