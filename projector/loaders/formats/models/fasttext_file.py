"""Finds the words and vectors in fastText's own binary files.

Source: src/fasttext.cc, dictionary.cc and densematrix.cc of fastText.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from projector.loaders.decoders.cursor import Cursor, Source

MAGIC = (793_712_314).to_bytes(4, "little")
_VERSIONS = (11, 12)
#: A word of no letters, its end, how often it occurred, and whether it is a label.
_ENTRY = 10
_PIECE = 1 << 20
#: The kind of model that is trained on labels.
_SUPERVISED = 3
_MAX_DIMS = 1 << 20


class FastTextError(ValueError):
    """The file is damaged, or of a kind that is not read; loaders turn it into a LoadError."""


@dataclass(frozen=True)
class Matrix:
    """Rows of float32 numbers.

    Attributes
    ----------
    n_rows, n_dims : int
    start : int
        The offset of the first number.
    """

    n_rows: int
    n_dims: int
    start: int


@dataclass(frozen=True)
class Model:
    """The parts of a model.

    Attributes
    ----------
    n_words, n_labels : int
    is_classifier : bool
        Whether it predicts labels, not words.
    words_at : int
        The offset of the first word.
    n_grams : tuple of int
        The shortest and longest parts of words that have vectors of their own; zeros if none has.
    vectors : Matrix
        Of the words, then of their parts.
    output : Matrix or None
        What the model predicts: labels or words.
    """

    n_words: int
    n_labels: int
    is_classifier: bool
    words_at: int
    n_grams: tuple[int, int]
    vectors: Matrix
    output: Matrix | None


def read_model(source: Source) -> Model:
    """Return where the parts of a model are; the words are passed over.

    Raises
    ------
    FastTextError
        It is of another version, quantized, or does not hold together.
    TruncatedError
        It ends too early.
    """
    cursor = Cursor(source, 4)
    version = cursor.number("i")
    if version not in _VERSIONS:
        raise FastTextError(f"has the version {version}, expected 12")
    options = cursor.numbers("12id")
    bucket, shortest, longest = options[8:11]
    size, n_words, n_labels, _, pruned = cursor.numbers("iiiqq")
    if min(size, n_words, n_labels) < 0 or n_words + n_labels != size:
        raise FastTextError(f"has {n_words:,} words and {n_labels:,} labels of {size:,}")
    words_at = cursor.at
    for _, _, _, end in entries(source, words_at, size):
        cursor.at = end
    cursor.skip(8 * max(pruned, 0))
    vectors = _matrix(cursor)
    if vectors.n_rows < n_words or vectors.n_dims != options[0]:
        raise FastTextError(
            f"has {vectors.n_rows:,} vectors of {vectors.n_dims:,} numbers for {n_words:,} words"
        )
    has_parts = bucket > 0 and longest > 0 and vectors.n_rows > n_words
    n_grams = (shortest, longest) if has_parts else (0, 0)
    output = _output(cursor)
    is_classifier = options[7] == _SUPERVISED and output is not None and output.n_rows == n_labels
    return Model(n_words, n_labels, is_classifier, words_at, n_grams, vectors, output)


def _output(cursor: Cursor) -> Matrix | None:
    try:
        return _matrix(cursor)
    except ValueError:
        return None  # the words are there all the same


def _matrix(cursor: Cursor) -> Matrix:
    if cursor.number("?"):
        raise FastTextError("is quantized")
    n_rows, n_dims = cursor.numbers("qq")
    if n_rows < 0 or not 0 < n_dims <= _MAX_DIMS:
        raise FastTextError(f"has a matrix of {n_rows:,} x {n_dims:,} numbers")
    return Matrix(n_rows, n_dims, cursor.skip(4 * n_rows * n_dims))


def entries(source: Source, start: int, count: int) -> Iterator[tuple[bytes, int, bool, int]]:
    """Yield words and labels: the text, how often it occurred, if it is a label, where it ends.

    Raises
    ------
    FastTextError
        They run past the end of the file.
    """
    if count * _ENTRY > len(source) - start:
        raise FastTextError(
            f"claims {count:,} words, but has {len(source) - start:,} bytes for them"
        )
    base, piece, at = start, b"", 0
    for _ in range(count):
        end = piece.find(b"\0", at)
        if end < 0 or end + _ENTRY > len(piece):
            base, at = base + at, 0
            piece = bytes(source[base : base + _PIECE])
            end = piece.find(b"\0")
            if end < 0 or end + _ENTRY > len(piece):
                raise FastTextError("is truncated within its words")
        times, kind = struct.unpack_from("<qb", piece, end + 1)
        word, at = piece[at:end], end + _ENTRY
        yield word, times, kind == 1, base + at
