"""Reads word vectors: word2vec text and binary, GloVe, fastText ``.vec``, and gzip of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, Found, Loaded, Operations, Tensor
from projector.loaders.formats.text.lines import count_lines, first_lines, looks_like_text
from projector.loaders.formats.text.number_matrix import NATIVE_FROM, is_number
from projector.loaders.formats.text.word_lines import (
    is_gzip,
    n_numbers,
    pack,
    parse,
    read_start,
    read_text,
    valid_utf8,
)
from projector.model.metadata import Column

_HEADER = re.compile(rb"^(-?\d{1,20}) (-?\d{1,20})[ \r]?$")
_NAMES = re.compile(r"\.(txt|vec|w2v|glove|bin|model)(\.gz)?$", re.IGNORECASE)
_START = 1 << 16
#: How many numbers the lines of a file without a header need to be read as word vectors.
_FEWEST = 2


@dataclass(frozen=True)
class _Layout:
    """How a file is laid out, from its first bytes.

    Attributes
    ----------
    binary : bool
    n_words : int or None
        As the header says; None without a header.
    n_dims : int
    start : int
        The offset of the first word.
    """

    binary: bool
    n_words: int | None
    n_dims: int
    start: int


class WordVectors:
    """Words with their vectors; the words become the label column."""

    name = "word-vectors"
    title = "Word vectors"
    extensions = (".vec", ".txt", ".bin", ".gz")
    native: Operations = ("load",)

    def sniff(self, file: File) -> bool:
        """Recognize them by a header of two numbers, or by lines of a word and numbers."""
        if not _NAMES.search(file.name):
            return False
        start = file.head() if not is_gzip(file) else read_start(file, _START)
        first, _, rest = start.partition(b"\n")
        if _HEADER.match(first):
            # Two numbers per line may also be a matrix: the second line decides.
            second = first_lines(rest, 1)
            return not looks_like_text(rest) or not second or not _all_numbers(second[0])
        if not looks_like_text(start) or file.name.lower().endswith((".bin", ".model")):
            return False
        lines = first_lines(start, 8)
        return any(not _all_numbers(line) for line in lines) and n_numbers(lines) >= _FEWEST

    def needs_no_library(self, file: File) -> bool:
        """Tell whether the file is small enough to be split line by line."""
        return file.size < NATIVE_FROM and not is_gzip(file)

    def list(self, file: File) -> Found:
        """Read the shape off the header and the number of lines."""
        layout = _layout(file)
        n_words = layout.n_words
        if layout.binary:
            self._check_binary(file, layout)
        else:
            lines = _n_lines(file) - (n_words is not None)
            if n_words is not None and n_words != lines:
                raise LoadError(
                    file.path,
                    f"the header says {n_words:,} words, but {lines:,} follow. The file is "
                    "truncated or its header is wrong: copy it again, or correct line 1.",
                )
            n_words = lines
        shape = (n_words or 0, layout.n_dims)
        tensor = Tensor("", file.stem, shape, "float32", role="embedding", labeled=True, whole=True)
        return Found((tensor,))

    @staticmethod
    def _check_binary(file: File, layout: _Layout) -> None:
        # A word takes at least one letter and a space.
        fewest = (layout.n_words or 0) * (4 * layout.n_dims + 2)
        if fewest > file.size - layout.start and not is_gzip(file):
            raise LoadError(
                file.path,
                f"the header says {layout.n_words:,} words of {layout.n_dims:,} numbers, which "
                f"take at least {fewest:,} bytes, but {file.size - layout.start:,} follow. The "
                "file is truncated; copy it again.",
            )

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read all words and numbers."""
        layout = _layout(file)
        data = read_text(file)
        if layout.binary:
            return _binary(file, data, layout)
        skip = int(layout.n_words is not None)
        by_line = self.needs_no_library(file)
        words, values, warnings = parse(file.path, data, layout.n_dims, skip, by_line=by_line)
        return Loaded(values, (Column("word", "text", words),), tuple(warnings))


def _all_numbers(line: str) -> bool:
    return all(map(is_number, line.split()))


def _n_lines(file: File) -> int:
    if not is_gzip(file):
        return count_lines(file, blank=False)
    data = read_text(file)
    return data.count(b"\n") + (not data.endswith(b"\n")) - data.count(b"\n\n")


def _layout(file: File) -> _Layout:
    start = read_start(file, _START)
    first, _, rest = start.partition(b"\n")
    header = _HEADER.match(first)
    if header is None:
        n_dims = n_numbers(first_lines(start, 64))
        if n_dims < 1:
            raise LoadError(
                file.path,
                "line 1 is not a word and its numbers. Expected the same count on every line.",
            )
        return _Layout(False, None, n_dims, 0)
    n_words, n_dims = int(header[1]), int(header[2])
    if n_words < 1 or not 1 <= n_dims <= 1 << 20:
        raise LoadError(
            file.path,
            f"the header says {n_words:,} words of {n_dims:,} numbers; expected positive counts of "
            "a plausible size. Correct line 1, or save the file again.",
        )
    lines = first_lines(rest, 1)
    text = looks_like_text(rest[:4096]) and bool(lines) and n_numbers(lines) >= min(n_dims, 2)
    if text and n_numbers(lines) < n_dims:
        raise LoadError(
            file.path,
            f"found {n_numbers(lines):,} numbers, but the header says {n_dims:,}. Correct this "
            "line or the header.",
            place="line 2",
        )
    return _Layout(not text, n_words, n_dims, len(first) + 1)


def _binary(file: File, data: bytes, layout: _Layout) -> Loaded:
    """Read word2vec's binary form: a word, a space, float32 numbers, and possibly a line feed."""
    n_words, width = layout.n_words or 0, 4 * layout.n_dims
    if n_words * (width + 2) > len(data):
        raise LoadError(file.path, f"has {len(data):,} bytes, which is too short. Copy it again.")
    values = np.empty((n_words, layout.n_dims), np.float32)
    words: list[bytes] = []
    at = layout.start
    for number in range(n_words):
        space = data.find(b" ", at, at + 4096)
        if space < 0 or space + 1 + width > len(data):
            raise LoadError(
                file.path,
                f"is truncated: the header says {n_words:,} words, but only {number:,} are "
                "complete. Copy it again.",
                place=f"byte {at}",
            )
        # Google's files end a vector with a line feed, gensim's do not.
        words.append(data[at:space].lstrip(b"\n"))
        values[number] = np.frombuffer(data, "<f4", layout.n_dims, space + 1)
        at = space + 1 + width
    texts, warnings = valid_utf8(pack(words))
    return Loaded(values, (Column("word", "text", texts),), tuple(warnings))
