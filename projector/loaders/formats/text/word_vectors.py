"""Reads word vectors: word2vec text and binary, GloVe, fastText ``.vec``."""

from __future__ import annotations

import re

from projector.errors import LoadError
from projector.loaders.base import File, Found, Loaded, Operations, Tensor
from projector.loaders.formats.text.binary_words import Records, read_records
from projector.loaders.formats.text.evidence import is_doubtful, may_be_vectors, rows_of
from projector.loaders.formats.text.layout import Layout, layout_of
from projector.loaders.formats.text.lines import MAX_TEXT, count_lines, looks_like_text
from projector.loaders.formats.text.number_matrix import NATIVE_FROM
from projector.loaders.formats.text.word_lines import pack, parse, valid_utf8
from projector.loaders.safe_files import read_all
from projector.model.metadata import Column

_HEADER = re.compile(rb"(\d{1,18}) (\d{1,18})[ \r]?\n")
#: The suffix of binary word vectors, where a file of text is something else.
_BINARY = (".bin",)
_MOST_DIMS = 1 << 20


class WordVectors:
    """Words with their vectors; the words become the label column."""

    name = "word-vectors"
    title = "Word vectors"
    gives = "one embedding with its words"
    extensions = (".vec", ".txt", ".emb", ".bin")
    native: Operations = ("load",)

    def sniff(self, file: File) -> bool:
        """Recognize them by a header of two numbers, or by lines of a word and numbers."""
        if _binary_sizes(file) is not None:
            return True
        layout = rows_of(file)
        if layout is None or layout.kind != "words" or not may_be_vectors(file, layout):
            return False
        return layout.sizes is not None or not file.name.lower().endswith(_BINARY)

    def needs_no_library(self, file: File) -> bool:
        """Tell whether the file is small enough to be split line by line."""
        return file.size < NATIVE_FROM

    def list(self, file: File) -> Found:
        """Read the shape off the header and the number of lines."""
        binary = _binary_sizes(file)
        if binary is not None:
            _check_sizes(file, *binary)
            _check_length(file, *binary)
            return _found(file, *binary)
        layout = _text_layout(file)
        lines = count_lines(file, blank=False) - layout.n_skipped
        if layout.sizes is not None:
            _check_sizes(file, *layout.sizes)
            _check_counts(file, layout, lines)
        return _found(file, lines, layout.n_numbers, layout)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read all words and numbers."""
        data = read_all(file.real, limit=MAX_TEXT, what="word vectors")
        binary = _binary_sizes(file)
        if binary is not None:
            records = Records(data, data.find(b"\n") + 1, *binary)
            raw, values, warnings = read_records(file.path, records)
            words, more = valid_utf8(pack(raw))
            return Loaded(values, (Column("word", "text", words),), (*warnings, *more))
        layout = _text_layout(file)
        words, values, more = parse(
            file.path,
            data,
            layout.n_numbers,
            separator=layout.separator,
            skip=layout.skip,
            by_line=self.needs_no_library(file),
        )
        column = layout.header[0] if len(layout.header) > layout.n_numbers else ""
        columns = (Column(column.strip() or "word", "text", words),)
        return Loaded(values, columns, (*layout.notes, *more))


def _binary_sizes(file: File) -> tuple[int, int] | None:
    """Return the counts in the header of the binary form; None for anything else."""
    head = file.head()
    hit = _HEADER.match(head)
    if hit is None or looks_like_text(head[hit.end() :]) or hit.end() == len(head):
        return None
    return int(hit[1]), int(hit[2])


def _text_layout(file: File) -> Layout:
    layout = layout_of(file)
    if layout is None or layout.kind != "words":
        raise LoadError(
            file.path,
            "line 1 is not a word and its numbers. Expected the same count on every line.",
        )
    return layout


def _check_sizes(file: File, n_words: int, n_dims: int) -> None:
    if n_words < 1 or not 1 <= n_dims <= _MOST_DIMS:
        raise LoadError(
            file.path,
            f"the header says {n_words:,} words of {n_dims:,} numbers; expected positive counts of "
            "a plausible size. Correct line 1, or save the file again.",
        )


def _check_length(file: File, n_words: int, n_dims: int) -> None:
    start = file.head().find(b"\n") + 1
    # A word takes at least one letter and a space.
    fewest = n_words * (4 * n_dims + 2)
    if fewest > file.size - start:
        raise LoadError(
            file.path,
            f"the header says {n_words:,} words of {n_dims:,} numbers, which take at least "
            f"{fewest:,} bytes, but {file.size - start:,} follow. The file is truncated; copy it "
            "again.",
        )


def _check_counts(file: File, layout: Layout, lines: int) -> None:
    n_words, n_dims = layout.sizes or (0, 0)
    if layout.n_numbers < n_dims:
        raise LoadError(
            file.path,
            f"found {layout.n_numbers:,} numbers, but the header says {n_dims:,}. Correct this "
            "line or the header.",
            place=f"line {layout.skip + 1}",
        )
    if n_words != lines:
        raise LoadError(
            file.path,
            f"the header says {n_words:,} words, but {lines:,} follow. The file is "
            "truncated or its header is wrong: copy it again, or correct line 1.",
        )


def _found(file: File, n_words: int, n_dims: int, layout: Layout | None = None) -> Found:
    doubtful = layout is not None and is_doubtful(file, layout)
    tensor = Tensor(
        "",
        file.stem,
        (n_words, n_dims),
        "float32",
        role="weight" if doubtful else "embedding",
        labeled=True,
        whole=True,
        doubtful=doubtful,
    )
    return Found((tensor,))
