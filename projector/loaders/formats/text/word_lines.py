"""Parses lines of a word and its numbers: word2vec text, GloVe, fastText.

A word may contain blanks (GloVe 840B has such words), so the last fields are the vector. Arrow's
reader handles files whose words have none; all others are split line by line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.formats.text.arrow_blocks import (
    RawText,
    batches,
    below_each_other,
    first_line,
    rows_of,
)
from projector.loaders.formats.text.number_matrix import beyond_float32, is_number
from projector.machine.handover import empty_array
from projector.model.narrowing import SAMPLE, dtype_needed
from projector.model.text import PackedText
from projector.typing import Vectors

#: Bytes of the first lines, which tell whether float32 is enough.
_SAMPLED = 1 << 20


def parse(
    path: Path, data: bytes, n_dims: int, *, separator: str, skip: int, by_line: bool = False
) -> tuple[PackedText, Vectors, list[str]]:
    """Return the words, a (n_words, n_dims) matrix, and warnings.

    float32, or float64 where the first rows differ in digits that float32 does not hold.

    Parameters
    ----------
    path : Path
        For error messages.
    data : bytes
    n_dims : int
    separator : str
        A tab, or a space for white space of any width.
    skip : int
        Number of lines before the first word.
    by_line : bool
        Whether Arrow's reader is not tried.

    Raises
    ------
    LoadError
        A line does not end in `n_dims` numbers.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    fast = None if by_line else _arrow(data, n_dims, separator, skip)
    words, values = fast or _by_line(path, data, n_dims, separator.encode(), skip)
    words, warnings = valid_utf8(words)
    return words, values, [*warnings, *beyond_float32(values, data)]


def _arrow(
    data: bytes, n_dims: int, separator: str, skip: int
) -> tuple[PackedText, Vectors] | None:
    import pyarrow as pa

    start = 0
    for _ in range(skip):
        start = data.find(b"\n", start) + 1
    text = RawText.of(np.frombuffer(data, np.uint8)[start:])
    is_open = first_line(text).endswith(separator.encode())
    types = {"word": pa.binary()} | {str(number): pa.float64() for number in range(n_dims)}
    types |= {"end": pa.binary()} if is_open else {}
    words, blocks = [], []
    try:
        kind = _kind(text, types, separator, n_dims)
        types |= {str(number): pa.from_numpy_dtype(kind) for number in range(n_dims)}
        for batch in batches(text, types, separator):
            words.append(batch.column(0))
            blocks.append(rows_of(batch, 1, n_dims + 1))
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    every = pa.chunked_array(words, pa.binary()).combine_chunks()
    return packed(every), below_each_other(blocks, n_dims)


def _kind(
    text: RawText, types: dict[str, Any], separator: str, n_dims: int
) -> type[np.float32] | type[np.float64]:
    """Return in which type the numbers are read, by those of the first lines, as float64."""
    head = text.read(0, min(_SAMPLED, text.size))
    first = head[: head.tobytes().rfind(b"\n") + 1]
    rows = [rows_of(each, 1, n_dims + 1) for each in batches(RawText.of(first), types, separator)]
    return dtype_needed(np.concatenate(rows)) if rows else np.float32


def packed(array: Any) -> PackedText:
    """Return the texts of an Arrow array; empty texts and missing ones stay different.

    Notes
    -----
    Copies only the offsets.
    """
    import pyarrow as pa

    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    large = pa.large_binary() if pa.types.is_binary(array.type) else pa.large_string()
    array = array.cast(large)
    _, offsets, data = array.buffers()
    first = array.offset
    ends = np.frombuffer(offsets, np.int64)[first : first + len(array) + 1]
    missing = np.asarray(array.is_null().to_numpy(zero_copy_only=False), np.bool_)
    raw = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return PackedText(raw[ends[0] : ends[-1]], ends - ends[0], missing)


def _by_line(
    path: Path, data: bytes, n_dims: int, separator: bytes, skip: int
) -> tuple[PackedText, Vectors]:
    words: list[bytes] = []
    numbers: list[NDArray[np.float64]] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if number <= skip or not line.strip():
            continue
        word, texts, bad = _split(line.rstrip(), n_dims, separator)
        if bad is not None and separator == b" ":
            word, texts, bad = _split(line.rstrip(), n_dims, None)
        if bad is not None:
            raise LoadError(
                path,
                f"found {bad}, expected a word and {n_dims} numbers. All lines must have the "
                "same length; correct or delete this one.",
                place=f"line {number}",
            )
        words.append(word)
        numbers.append(np.array(texts, np.float64))
    if not words:
        raise LoadError(path, "contains no words. Expected a word and its numbers on every line.")
    kind = dtype_needed(np.stack(numbers[:: max(1, len(numbers) // SAMPLE)]))
    values = empty_array((len(numbers), n_dims), kind)
    with np.errstate(over="ignore"):
        for row, each in enumerate(numbers):
            values[row] = each
    return pack(words), values


def _split(
    line: bytes, n_dims: int, separator: bytes | None
) -> tuple[bytes, list[str], str | None]:
    """Return a line's word, its numbers, and what is wrong with them."""
    cells = line.rsplit(separator, n_dims)
    texts = [cell.decode("ascii", "replace").strip() for cell in cells[1:]]
    odd = next((text for text in texts if not is_number(text)), None)
    if odd is not None:
        return cells[0], texts, repr(odd[:40])
    return cells[0], texts, None if len(cells) == n_dims + 1 else f"{len(texts)} numbers"


def pack(words: list[bytes]) -> PackedText:
    """Pack raw words as they are; see `valid_utf8`."""
    offsets = np.zeros(len(words) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, words), np.int64, len(words)), out=offsets[1:])
    data = np.frombuffer(b"".join(words), np.uint8)
    return PackedText(data, offsets, np.zeros(len(words), np.bool_))


def valid_utf8(words: PackedText) -> tuple[PackedText, list[str]]:
    """Put replacement characters where words are not UTF-8, and warn how many have them."""
    try:
        words.data.tobytes().decode("utf-8")
        return words, []
    except UnicodeDecodeError:
        texts = words.to_list()
        count = sum("\ufffd" in (text or "") for text in texts)
        warning = f"{count:,} words are not UTF-8. Their invalid bytes are shown as \ufffd."
        return PackedText.pack(texts), [warning]
