"""Texts and regular expressions in metadata, by an engine whose time grows with the text alone.

A million texts take some 0.04 s: fast enough to search while somebody types.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from projector.errors import ParameterError
from projector.model.metadata import Column
from projector.model.text import PackedText


def rows_containing(columns: Iterable[Column], wanted: str, n_rows: int) -> NDArray[np.uint32]:
    """Return the rows in which any column contains a text, whatever the case, ascending.

    Notes
    -----
    Upper and lower case are Unicode's simple pairs: "är" finds "ÄRGER", "ss" does not find "ß".
    """
    import pyarrow.compute as pc

    # A lone surrogate stands in no text: it can only come from a file name.
    pattern = wanted.encode("utf-8", "replace").decode("utf-8")
    hits = np.zeros(n_rows, np.bool_)
    for column in columns:
        found = pc.match_substring(_arrow(column.text), pattern, ignore_case=True)
        hits |= found.to_numpy(zero_copy_only=False)
    return np.flatnonzero(hits).astype(np.uint32)


def rows_matching(columns: Iterable[Column], pattern: str, n_rows: int) -> NDArray[np.uint32]:
    """Return the rows in which any column matches, whatever the case, ascending.

    Raises
    ------
    ParameterError
        Not a regular expression of RE2 (which has no look-around and no back references).
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    hits = np.zeros(n_rows, np.bool_)
    try:
        for column in columns:
            found = pc.match_substring_regex(_arrow(column.text), pattern, ignore_case=True)
            hits |= found.to_numpy(zero_copy_only=False)
    except (pa.ArrowInvalid, UnicodeEncodeError) as error:
        reason = str(error).removeprefix("Invalid regular expression: ")
        raise ParameterError(f"{pattern!r} is not a regular expression: {reason}.") from None
    return np.flatnonzero(hits).astype(np.uint32)


def _arrow(text: PackedText) -> object:
    """Return packed text as an Arrow array, without a copy; missing texts are empty."""
    import pyarrow as pa

    return pa.LargeStringArray.from_buffers(
        len(text), pa.py_buffer(text.offsets), pa.py_buffer(text.data)
    )
