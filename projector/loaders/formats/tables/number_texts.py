"""Parses texts that hold a list of numbers: JSON, Python, numpy's printed arrays, base64.

Programs that know no lists in a table write ``"[0.1, -0.2]"``, pandas writes what numpy prints,
with line ends, and databases write ``{0.1,-0.2}``. All of them are brought to one form, numbers
between commas, and read together.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from projector.errors import LoadError
from projector.loaders.formats.tables.number_bytes import BytesForm, bytes_form, parse_bytes
from projector.loaders.formats.tables.vector_rows import MOST, VectorRows, placed
from projector.loaders.formats.text.header_rule import is_missing
from projector.loaders.formats.text.number_matrix import arrow_matrix, is_number
from projector.loaders.formats.text.separators import usual
from projector.model.narrowing import SAMPLE, dtype_needed
from projector.typing import Vectors

_WRAPPED = re.compile(r"^\s*(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*\s*\((?P<inner>.*)\)\s*$", re.DOTALL)
#: ``array([1., 2.], dtype=float32)``, ``tensor([1., 2.], device='cuda:0')``.
_KEYWORDS = re.compile(r",\s*(?:dtype|device|requires_grad|grad_fn|shape)\s*=.*$", re.DOTALL)
#: ``np.float32(0.5)``, as numpy 2 shows the numbers in a list.
_SCALAR = re.compile(r"(?:np|numpy)\.\w+\(([^()]*)\)")
_NOTHING = re.compile(r"\b(?:None|null)\b")
_BRACKETS = str.maketrans("[](){}\r\n\t", " " * 9)
_OPEN = ("[", "(", "{")
_BARE = re.compile(r"[-+.\deEnaif]+(?:(?:\s*[,;|]\s*|\s+)[-+.\deEnaif]+)+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_URL_SAFE = str.maketrans("-_", "+/")
#: Numbers without brackets are a vector if there are at least as many; two may be a place.
_FEWEST_BARE = 4
#: The share of texts that must have the usual length.
_MOST = 0.9


@dataclass(frozen=True)
class TextForm:
    """How the texts of a column hold vectors.

    Attributes
    ----------
    kind : {"list", "bare", "base64"}
    n_dims : int
    fractional : bool
        Whether the numbers are written with a point or an exponent.
    elided : bool
        Whether most numbers were left out when the arrays were printed.
    packed : BytesForm or None
        What the base64 stands for.
    """

    kind: Literal["list", "bare", "base64"]
    n_dims: int
    fractional: bool
    elided: bool = False
    packed: BytesForm | None = None

    @property
    def note(self) -> str:
        """What was guessed; empty for brackets, which say what they are."""
        if self.kind == "base64" and self.packed is not None:
            return f"read as base64 of {self.packed.dtype} numbers, which is a guess"
        return "" if self.kind == "list" else "read as numbers without brackets, which is a guess"


def text_form(texts: Sequence[str | None]) -> TextForm | None:
    """Return how some texts of a column hold vectors, or None if they do not.

    Parameters
    ----------
    texts : sequence of str or None
        The first of the column.
    """
    present = [text.strip() for text in texts if text and not is_missing(text)]
    if not present:
        return None
    bracketed = [text for text in present if _is_bracketed(text)]
    if len(bracketed) >= _MOST * len(present):
        return _numbers_form("list", bracketed, fewest=2)
    if all(_BARE.fullmatch(text) for text in present):
        return _numbers_form("bare", present, fewest=_FEWEST_BARE)
    if all(_BASE64.fullmatch(text) for text in present):
        blobs = [_decoded(text) for text in present]
        packed = bytes_form(blobs) if None not in blobs else None
        if packed is not None:
            return TextForm("base64", packed.n_dims, True, packed=packed)
    return None


def _is_bracketed(text: str) -> bool:
    return text.startswith(_OPEN) or (text.endswith(")") and _WRAPPED.match(text) is not None)


def _numbers_form(
    kind: Literal["list", "bare"], texts: list[str], *, fewest: int
) -> TextForm | None:
    plain = [_plain(text) for text in texts]
    elided = [text for text in plain if "..." in text]
    if elided:
        cells = [cell.strip() for cell in elided[0].split(",")]
        numbers = sum(map(is_number, cells))
        return TextForm(kind, numbers, True, elided=True) if numbers > 1 else None
    counts = [_count(text) for text in plain]
    n_dims = usual([count for count in counts if count])
    if n_dims < fewest or sum(count == n_dims for count in counts) < _MOST * len(counts):
        return None
    return TextForm(kind, n_dims, any("." in text or "e" in text for text in plain))


def _count(text: str) -> int:
    """Return how many numbers stand between commas; 0 if anything else does, too."""
    cells = [cell.strip() for cell in text.split(",")]
    return len(cells) if all(map(is_number, cells)) else 0


def _plain(text: str) -> str:
    """Return the numbers of a text with commas between them."""
    text = text.strip()
    if not text.startswith(_OPEN) and text.endswith(")"):
        inner = _WRAPPED.match(text)
        text = _KEYWORDS.sub("", inner["inner"]) if inner else text
    if "(" in text[1:]:
        text = _SCALAR.sub(r"\1", text)
    if "N" in text or "null" in text:
        text = _NOTHING.sub("nan", text)
    text = text.translate(_BRACKETS).strip()
    for separator in ",;|":
        if separator in text:
            return text.replace(separator, ",").strip(", ")
    return ",".join(text.split())


def parse_texts(
    path: Path,
    name: str,
    texts: Sequence[str | None],
    form: TextForm,
    *,
    least: float = MOST,
) -> VectorRows:
    """Return the vectors of a column of texts; rows without one are NaN.

    Parameters
    ----------
    path : Path
        For errors.
    name : str
        Of the column.
    texts : sequence of str or None
    form : TextForm
        As `text_form` found it.
    least : float
        See `placed`.

    Raises
    ------
    LoadError
        The texts are not what the first of them are, or their numbers were left out.
    """
    absent = [row for row, text in enumerate(texts) if not text or is_missing(text)]
    if form.kind == "base64" and form.packed is not None:
        blobs = [_decoded(text) if text else None for text in texts]
        return parse_bytes(path, name, blobs, form.packed, least=least)
    if form.elided:
        raise LoadError(path, elided(form.n_dims), place=f"column {name!r}")
    plain = ["" if not text or is_missing(text) else _plain(text) for text in texts]
    rows = [row for row, text in enumerate(plain) if text.count(",") == form.n_dims - 1]
    values = arrow_matrix("\n".join(plain[row] for row in rows).encode(), ",") if rows else None
    if values is None or len(values) != len(rows):
        rows, values = _one_by_one(plain, rows, form.n_dims)
    return placed(path, name, values, np.array(rows, np.int64), absent, len(texts), least=least)


def elided(n_shown: int) -> str:
    """Return the message for arrays that were printed with most of their numbers left out."""
    return (
        f"holds arrays as numpy prints them, with {n_shown:,} numbers and '...' for all others, "
        "which are lost. Save the vectors with .tolist(), or as Parquet."
    )


def _one_by_one(plain: list[str], rows: list[int], n_dims: int) -> tuple[list[int], Vectors]:
    """Read what the fast reader refuses, leaving out rows that are no numbers."""
    good, found = [], []
    for row in rows:
        cells = [cell.strip() for cell in plain[row].split(",")]
        if all(map(is_number, cells)):
            good.append(row)
            found.append([float(cell) for cell in cells])
    with np.errstate(over="ignore"):
        wide = np.array(found, np.float64).reshape(len(good), n_dims)
        return good, wide.astype(dtype_needed(wide[:: max(1, len(wide) // SAMPLE)]))


def _decoded(text: str) -> bytes | None:
    text = text.strip().translate(_URL_SAFE)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
