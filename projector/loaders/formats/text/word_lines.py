"""Parses lines of a word and its numbers, separated by spaces: word2vec text, GloVe, fastText.

A word may contain spaces (GloVe 840B has such words), so the last fields are the vector. Arrow's
reader handles files whose words have none; all others are split line by line.
"""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.text.lines import MAX_TEXT
from projector.loaders.formats.text.number_matrix import is_number
from projector.loaders.safe_files import open_regular
from projector.machine.handover import empty_array
from projector.model.text import PackedText
from projector.typing import Vectors

GZIP = b"\x1f\x8b"
#: Numbers as text compress to about a third; a higher ratio is treated as a zip bomb.
_MAX_RATIO = 60
_SMALL = 1 << 22
_PIECE = 1 << 24


def read_text(file: File) -> bytes:
    """Return the file's bytes, unpacked if it is gzip.

    Raises
    ------
    LoadError
        It is damaged, or unpacks to an implausible size.
    """
    limit = max(_SMALL, _MAX_RATIO * file.size) if is_gzip(file) else MAX_TEXT
    with open_regular(file.real) as raw:
        try:
            data = _read_up_to(gzip.GzipFile(fileobj=raw) if is_gzip(file) else raw, limit + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise LoadError(
                file.path, f"is a damaged gzip file ({error}). Copy it again."
            ) from None
    if len(data) > limit:
        raise LoadError(
            file.path,
            f"unpacks from {file.size:,} to more than {limit:,} bytes, which is not plausible for "
            "vectors. Unpack it by hand if you trust it.",
        )
    return data


def _read_up_to(source: BinaryIO | gzip.GzipFile, limit: int) -> bytes:
    """Read in pieces: one large read would allocate its limit at once."""
    pieces: list[bytes] = []
    left = limit
    while left and (piece := source.read(min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def read_start(file: File, count: int) -> bytes:
    """Return the first bytes, unpacked if the file is gzip; fewer if it is short or damaged."""
    if not is_gzip(file):
        with open_regular(file.real) as raw:
            return raw.read(count)
    with open_regular(file.real) as raw:
        try:
            return gzip.GzipFile(fileobj=io.BytesIO(raw.read(count))).read1(count)
        except (OSError, EOFError, zlib.error):
            return b""


def is_gzip(file: File) -> bool:
    """Tell whether a file is gzip, by its magic number."""
    return file.head()[:2] == GZIP


def n_numbers(lines: list[str]) -> int:
    """Return how many numbers after the word most of some lines end in."""
    counts = []
    for line in lines:
        cells = line.rstrip().split(" ")
        count = 0
        while count < len(cells) - 1 and is_number(cells[-1 - count]):
            count += 1
        counts.append(count)
    # The larger of two equally frequent counts: a truncated line is likelier than a longer vector.
    return max(set(counts), key=lambda count: (counts.count(count), count), default=0)


def parse(
    path: Path, data: bytes, n_dims: int, skip: int, *, by_line: bool = False
) -> tuple[PackedText, Vectors, list[str]]:
    """Return the words, a (n_words, n_dims) float32 matrix, and warnings.

    Parameters
    ----------
    path : Path
        For error messages.
    data : bytes
    n_dims : int
    skip : int
        Number of header lines.
    by_line : bool
        Whether Arrow's reader is not tried.

    Raises
    ------
    LoadError
        A line does not end in `n_dims` numbers.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    fast = None if by_line else _arrow(data, n_dims, skip)
    words, values = fast if fast is not None else _by_line(path, data, n_dims, skip)
    words, warnings = valid_utf8(words)
    return words, values, warnings


def _arrow(data: bytes, n_dims: int, skip: int) -> tuple[PackedText, Vectors] | None:
    import pyarrow as pa
    from pyarrow import csv

    start = data.find(b"\n") + 1 if skip else 0
    line = data[start : data.find(b"\n", start)].rstrip(b"\r")
    names = ["word", *map(str, range(n_dims)), *(["end"] if line.endswith(b" ") else [])]
    types = {"word": pa.binary(), "end": pa.binary()}
    types |= {str(number): pa.float32() for number in range(n_dims)}
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(column_names=names, skip_rows=skip, block_size=1 << 23),
            parse_options=csv.ParseOptions(delimiter=" ", quote_char=False),
            convert_options=csv.ConvertOptions(
                column_types={name: types[name] for name in names}, null_values=[]
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    values = empty_array((table.num_rows, n_dims), np.float32)
    at = 0
    for batch in table.to_batches():
        for column in range(n_dims):
            values[at : at + batch.num_rows, column] = batch.column(column + 1).to_numpy()
        at += batch.num_rows
    return packed(table.column("word").combine_chunks()), values


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


def _by_line(path: Path, data: bytes, n_dims: int, skip: int) -> tuple[PackedText, Vectors]:
    words: list[bytes] = []
    numbers: list[NDArray[np.float32]] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if number <= skip or not line.strip():
            continue
        cells = line.rstrip().rsplit(b" ", n_dims)
        texts = [cell.decode("ascii", "replace") for cell in cells[1:]]
        bad = next((text for text in texts if not is_number(text)), None)
        if len(cells) != n_dims + 1 or bad is not None:
            found = f"{bad[:40]!r}" if bad is not None else f"{len(texts)} numbers"
            raise LoadError(
                path,
                f"found {found}, expected a word and {n_dims} numbers. All lines must have the "
                "same length; correct or delete this one.",
                place=f"line {number}",
            )
        words.append(cells[0])
        numbers.append(np.array(texts, np.float64).astype(np.float32))
    if not words:
        raise LoadError(path, "contains no words. Expected a word and its numbers on every line.")
    return pack(words), np.stack(numbers)


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
