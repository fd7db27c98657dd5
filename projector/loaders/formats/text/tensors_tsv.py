"""Vectors as text: one row a point, numbers separated by tabs (or white space).

What PyTorch's ``SummaryWriter.add_embedding``, tensorboardX and the standalone projector write.
"""

from __future__ import annotations

import re

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.formats.text.lines import (
    MAX_TEXT,
    count_lines,
    decode,
    first_lines,
    looks_like_text,
)
from projector.loaders.formats.text.number_matrix import (
    cells_of,
    delimiter_of,
    is_number,
    read_fast,
    read_strict,
)
from projector.loaders.safe_files import map_bytes, read_all, read_head

#: Files that hold labels, whatever they look like.
METADATA_NAME = re.compile(r"meta|label|vocab|words?\b|classes|names", re.IGNORECASE)
_TENSOR_NAME = re.compile(r"tensor|vector|vecs|emb", re.IGNORECASE)


class TensorsTsv:
    """A matrix of numbers as tab-separated text."""

    name = "tensors-tsv"
    title = "Tensors as TSV"
    extensions = (".tsv", ".tab")

    def sniff(self, file: File) -> bool:
        """Tell from the first lines: numbers only, and more than a column of labels would have."""
        if not file.name.lower().endswith((".tsv", ".tab", ".txt")):
            return False
        head = file.head()
        if not looks_like_text(head) or METADATA_NAME.search(file.name):
            return False
        columns = _columns(head)
        if columns is None or (file.name.lower().endswith(".txt") and columns[1]):
            return False
        return columns[0] > 1 or _TENSOR_NAME.search(file.name) is not None

    def list(self, file: File) -> Found:
        """Tell the shape from the first line and the number of lines."""
        if file.size == 0:
            raise LoadError(file.path, "is empty. Expected one row of numbers a point.")
        if not looks_like_text(file.head()):
            raise LoadError(
                file.path,
                "is not text. Raw float32 needs a tensor_shape in the config; other formats "
                "their own suffix.",
            )
        columns = _columns(_long_head(file))
        if columns is None:
            columns = _explain(file)
        n_columns, header = columns
        n_rows = count_lines(file, blank=False) - header
        problems: tuple[FileProblem, ...] = ()
        if header:
            told = "line 1 is no row of numbers and is taken as a header."
            problems = (FileProblem(told, "warning"),)
        tensor = Tensor("", file.stem, (n_rows, n_columns), "float32", role="embedding", whole=True)
        return Found((tensor,), problems)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read all numbers; see `delimited`."""
        head = _long_head(file)
        columns = _columns(head) or _explain(file)
        skip = int(columns[1])
        header = ("line 1 was taken as a header: it is no row of numbers.",) if skip else ()
        delimiter = delimiter_of(first_lines(head, 1)[0])
        fast = read_fast(map_bytes(file.real), delimiter=delimiter, skip=skip)
        if fast is not None:
            return Loaded(fast, warnings=header)
        try:
            text, told = decode(read_all(file.real, limit=MAX_TEXT, what="a text file"))
        except UnicodeError:
            raise LoadError(
                file.path, "is not the UTF-16 it claims to be. Save as UTF-8."
            ) from None
        values, more = read_strict(file.path, text, delimiter=delimiter, skip=skip)
        return Loaded(values, warnings=(*told, *header, *more))


def _columns(head: bytes) -> tuple[int, bool] | None:
    """Return how many numbers a row has and whether a header comes first, or None."""
    lines = first_lines(head, 2)
    if not lines:
        return None
    delimiter = delimiter_of(lines[0])
    rows = [cells_of(line, delimiter) for line in lines]
    if all(map(is_number, rows[0])):
        return len(rows[0]), False
    # A header has one name a column and no numbers; a row with one wrong cell is a mistake.
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


def _explain(file: File) -> tuple[int, bool]:
    """Raise with the place of the first cell that is no number."""
    for number, line in enumerate(first_lines(_long_head(file), 2), 1):
        for column, cell in enumerate(cells_of(line, delimiter_of(line)), 1):
            if not is_number(cell):
                raise LoadError(
                    file.path,
                    f"expected a number, found {cell[:40]!r}. A tensors file holds numbers only, "
                    "separated by tabs; put labels in a metadata file.",
                    place=f"line {number}, column {column}",
                )
    raise LoadError(file.path, "holds no numbers. Expected one row of numbers a point.")
