"""Lines of a word and its numbers, separated by spaces: word2vec text, GloVe, fastText.

A word may hold spaces (GloVe 840B has such words), so the last fields are the vector. Arrow's
reader takes files whose words hold none; all others are split line by line.
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
from projector.model.text import PackedText
from projector.typing import Vectors

GZIP = b"\x1f\x8b"
#: Text of numbers shrinks to a third or so; more than this is a bomb.
_MAX_RATIO = 60
_SMALL = 1 << 22
_PIECE = 1 << 24


def read_text(file: File) -> bytes:
    """Return the file's bytes, unpacked where it is gzip.

    Raises
    ------
    LoadError
        Damaged, or growing out of all proportion.
    """
    limit = max(_SMALL, _MAX_RATIO * file.size) if is_gzip(file) else MAX_TEXT
    with open_regular(file.real) as raw:
        try:
            data = _read_up_to(gzip.GzipFile(fileobj=raw) if is_gzip(file) else raw, limit + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise LoadError(file.path, f"is damaged gzip ({error}). Copy it again.") from None
    if len(data) > limit:
        raise LoadError(
            file.path,
            f"unpacks to more than {limit:,} bytes out of {file.size:,}; vectors never do. It is "
            "refused; unpack it by hand if you trust it.",
        )
    return data


def _read_up_to(source: BinaryIO | gzip.GzipFile, limit: int) -> bytes:
    """Read piece by piece: one large read would allocate its limit at once."""
    pieces: list[bytes] = []
    left = limit
    while left and (piece := source.read(min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def read_start(file: File, count: int) -> bytes:
    """Return the first bytes, unpacked where it is gzip; fewer where it is damaged."""
    if not is_gzip(file):
        with open_regular(file.real) as raw:
            return raw.read(count)
    with open_regular(file.real) as raw:
        try:
            return gzip.GzipFile(fileobj=io.BytesIO(raw.read(count))).read1(count)
        except (OSError, EOFError, zlib.error):
            return b""


def is_gzip(file: File) -> bool:
    """Tell gzip by its magic number."""
    return file.head()[:2] == GZIP


def n_numbers(lines: list[str]) -> int:
    """Return how many numbers most of some lines end in, behind a word."""
    counts = []
    for line in lines:
        cells = line.rstrip().split(" ")
        count = 0
        while count < len(cells) - 1 and is_number(cells[-1 - count]):
            count += 1
        counts.append(count)
    # The larger of two equally frequent counts: a cut line is likelier than a longer vector.
    return max(set(counts), key=lambda count: (counts.count(count), count), default=0)


def parse(path: Path, data: bytes, n_dims: int, skip: int) -> tuple[PackedText, Vectors, list[str]]:
    """Return the words, (n_words, n_dims) float32, and what has to be said.

    Raises
    ------
    LoadError
        A line that does not end in `n_dims` numbers.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    fast = _arrow(data, n_dims, skip)
    words, values = fast if fast is not None else _by_line(path, data, n_dims, skip)
    return _told(words, values)


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
    values = np.empty((table.num_rows, n_dims), np.float32)
    at = 0
    for batch in table.to_batches():
        for column in range(n_dims):
            values[at : at + batch.num_rows, column] = batch.column(column + 1).to_numpy()
        at += batch.num_rows
    return packed(table.column("word").combine_chunks()), values


def packed(array: Any) -> PackedText:
    """Return an Arrow array of texts as it lies; an empty text stays one.

    Notes
    -----
    Copies nothing but the offsets.
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
                f"expected a word and {n_dims} numbers, found {found}. Every line needs as many "
                "numbers; correct or delete it.",
                place=f"line {number}",
            )
        words.append(cells[0])
        numbers.append(np.array(texts, np.float64).astype(np.float32))
    if not words:
        raise LoadError(path, "holds no word. Expected a word and its numbers a line.")
    return pack(words), np.stack(numbers)


def pack(words: list[bytes]) -> PackedText:
    """Pack raw words as they are."""
    offsets = np.zeros(len(words) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, words), np.int64, len(words)), out=offsets[1:])
    data = np.frombuffer(b"".join(words), np.uint8)
    return PackedText(data, offsets, np.zeros(len(words), np.bool_))


def _told(words: PackedText, values: Vectors) -> tuple[PackedText, Vectors, list[str]]:
    words, told = valid_utf8(words)
    return words, values, told


def valid_utf8(words: PackedText) -> tuple[PackedText, list[str]]:
    """Put the replacement mark where words are no UTF-8, and say how often."""
    try:
        words.data.tobytes().decode("utf-8")
        return words, []
    except UnicodeDecodeError:
        texts = words.to_list()
        count = sum("\ufffd" in (text or "") for text in texts)
        told = f"{count:,} words are not UTF-8; their odd bytes are shown as \ufffd."
        return PackedText.pack(texts), [told]
