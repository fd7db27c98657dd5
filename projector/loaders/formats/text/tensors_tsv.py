"""Reads tensors as text: one row per point, numbers separated by tabs or white space.

PyTorch's ``SummaryWriter.add_embedding``, tensorboardX and the standalone projector write it.
"""

from __future__ import annotations

import re
from typing import NoReturn

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Operations, Tensor
from projector.loaders.file_bytes import private_bytes
from projector.loaders.formats.text.lines import (
    MAX_TEXT,
    count_lines,
    decode,
    first_lines,
    looks_like_text,
)
from projector.loaders.formats.text.number_matrix import (
    NATIVE_FROM,
    cells_of,
    delimiter_of,
    is_number,
    read_fast,
    read_strict,
)
from projector.loaders.safe_files import read_all, read_head

#: Names of files that contain labels, even if these are numbers.
METADATA_NAME = re.compile(r"meta|label|vocab|words?\b|classes|names", re.IGNORECASE)
_TENSOR_NAME = re.compile(r"tensor|vector|vecs|emb", re.IGNORECASE)


class TensorsTsv:
    """A matrix of numbers as tab-separated text."""

    name = "tensors-tsv"
    title = "Tensors as TSV"
    extensions = (".tsv", ".tab")
    native: Operations = ("load",)

    def sniff(self, file: File) -> bool:
        """Recognize it by lines of numbers, in more than one column or with a fitting name."""
        if not file.name.lower().endswith((".tsv", ".tab", ".txt")):
            return False
        head = file.head()
        if not looks_like_text(head) or METADATA_NAME.search(file.name):
            return False
        columns = _columns(head)
        if columns is None or (file.name.lower().endswith(".txt") and columns[1]):
            return False
        return columns[0] > 1 or _TENSOR_NAME.search(file.name) is not None

    def needs_no_library(self, file: File) -> bool:
        """Tell whether the file is small enough for the strict reader alone."""
        return file.size < NATIVE_FROM

    def list(self, file: File) -> Found:
        """Read the shape off the first line and the number of lines."""
        if file.size == 0:
            raise LoadError(file.path, "is empty. Expected one row of numbers per point.")
        if not looks_like_text(file.head()):
            raise LoadError(
                file.path,
                "is not a text file. Raw float32 needs a tensor_shape in the config; other formats "
                "need their usual suffix.",
            )
        columns = _columns(_long_head(file))
        if columns is None:
            _raise_mistake(file)
        n_columns, header = columns
        n_rows = count_lines(file, blank=False) - header
        problems: tuple[FileProblem, ...] = ()
        if header:
            message = "line 1 is not a row of numbers and is read as a header."
            problems = (FileProblem(message, "warning"),)
        tensor = Tensor("", file.stem, (n_rows, n_columns), "float32", role="embedding", whole=True)
        return Found((tensor,), problems)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read all numbers; see `number_matrix`."""
        head = _long_head(file)
        columns = _columns(head) or _raise_mistake(file)
        skip = int(columns[1])
        header = ("line 1 is not a row of numbers and was read as a header.",) if skip else ()
        delimiter = delimiter_of(first_lines(head, 1)[0])
        if not self.needs_no_library(file):
            fast = read_fast(private_bytes(file.real), delimiter=delimiter, skip=skip)
            if fast is not None:
                return Loaded(fast, warnings=header)
        try:
            text, guessed = decode(read_all(file.real, limit=MAX_TEXT, what="a text file"))
        except UnicodeError:
            raise LoadError(file.path, "starts as UTF-16, but is not. Save it as UTF-8.") from None
        values, more = read_strict(file.path, text, delimiter=delimiter, skip=skip)
        return Loaded(values, warnings=(*guessed, *header, *more))


def _columns(head: bytes) -> tuple[int, bool] | None:
    """Return how many numbers a row has and whether a header comes first, or None."""
    lines = first_lines(head, 2)
    if not lines:
        return None
    delimiter = delimiter_of(lines[0])
    rows = [cells_of(line, delimiter) for line in lines]
    if all(map(is_number, rows[0])):
        return len(rows[0]), False
    # A header has one name per column and no numbers; a row with one wrong cell is a mistake.
    header = not any(map(is_number, rows[0]))
    if len(rows) > 1 and header and len(rows[1]) == len(rows[0]) and all(map(is_number, rows[1])):
        return len(rows[0]), True
    return None


def _long_head(file: File) -> bytes:
    """Return the head, or more of the file where the first line is longer."""
    head = file.head()
    if b"\n" in head or len(head) >= file.size:
        return head
    return read_head(file.real, 1 << 24)


def _raise_mistake(file: File) -> NoReturn:
    """Raise LoadError with the place of the first cell that is not a number."""
    for number, line in enumerate(first_lines(_long_head(file), 2), 1):
        for column, cell in enumerate(cells_of(line, delimiter_of(line)), 1):
            if not is_number(cell):
                raise LoadError(
                    file.path,
                    f"found {cell[:40]!r}, expected a number. A tensors file contains only "
                    "numbers, separated by tabs; put labels in a metadata file.",
                    place=f"line {number}, column {column}",
                )
    raise LoadError(file.path, "contains no numbers. Expected one row of numbers per point.")
