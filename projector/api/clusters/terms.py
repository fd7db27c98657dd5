"""The terms of texts in any language: words, and pairs of signs where words are not spaced."""

from __future__ import annotations

import re
import sys
import unicodedata
from array import array
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from projector.model.text import PackedText

#: Scripts whose words are not spaced: Thai, Lao, Burmese, Khmer, kana, Chinese characters.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)


@dataclass(frozen=True)
class Terms:
    """Which terms stand in which text.

    Attributes
    ----------
    names : list of str
        Every term once, in small letters.
    codes : ndarray of shape (n_found,), int32
        Indices into `names`: text `i` has ``codes[offsets[i]:offsets[i + 1]]``, none twice.
    offsets : ndarray of shape (n_texts + 1,), int64
    """

    names: list[str]
    codes: NDArray[np.int32] = field(repr=False)
    offsets: NDArray[np.int64] = field(repr=False)


def terms_of(text: PackedText, rows: NDArray[np.int64]) -> Terms:
    """Return the terms of the texts in `rows`; a missing text has none.

    Notes
    -----
    Each counts once a text, so that one long text says no more than its author. A term begins
    with a letter, of any script, and has at least two signs.
    """
    known: dict[str, int] = {}
    codes, lengths = array("i"), array("i")
    words, unspaced = _patterns()
    for row in rows.tolist():
        each = text[row]
        found: set[str] = set()
        if each:
            folded = unicodedata.normalize("NFC", each.lower())
            found.update(words.findall(folded))
            for run in unspaced.findall(folded):
                found.update(run[at : at + 2] for at in range(len(run) - 1))
        codes.extend([known.setdefault(term, len(known)) for term in sorted(found)])
        lengths.append(len(found))
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(np.array(lengths, np.int64), out=offsets[1:])
    return Terms(list(known), np.array(codes, np.int32), offsets)


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
