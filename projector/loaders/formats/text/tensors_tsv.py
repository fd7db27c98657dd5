"""Reads tensors as text: one row per point, numbers separated by tabs or white space.

PyTorch's ``SummaryWriter.add_embedding``, tensorboardX and the standalone projector write it.
"""

from __future__ import annotations

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Operations, Tensor
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.text.arrow_blocks import RawText
from projector.loaders.formats.text.evidence import (
    is_doubtful,
    is_vector_name,
    may_be_vectors,
    rows_of,
)
from projector.loaders.formats.text.layout import Layout, layout_of
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


class TensorsTsv:
    """A matrix of numbers as text, separated by tabs or white space."""

    name = "tensors-tsv"
    title = "Tensors as TSV"
    gives = "one embedding, with the metadata.tsv beside it"
    extensions = (".tsv", ".tab", ".txt", ".dat")
    native: Operations = ("load",)

    def sniff(self, file: File) -> bool:
        """Recognize it by lines of numbers, in more than one column or with a fitting name."""
        layout = rows_of(file)
        if layout is None or layout.kind != "matrix" or not may_be_vectors(file, layout):
            return False
        name = file.name.lower()
        if name.endswith(".csv") and layout.separator == "\t":
            return False
        if layout.header and not name.endswith((".tsv", ".tab")) and len(layout.rows) < 2:
            return False  # two lines of prose, one of them numbers
        tensors = name.endswith((".tsv", ".tab")) and is_vector_name(file.name)
        return layout.n_numbers > 1 or tensors

    def needs_no_library(self, file: File) -> bool:
        """Tell whether the file is small enough for the strict reader alone."""
        return file.size < NATIVE_FROM

    def list(self, file: File) -> Found:
        """Read the shape off the first lines and the number of lines."""
        if file.size == 0:
            raise LoadError(file.path, "is empty. Expected one row of numbers per point.")
        if not looks_like_text(file.head()):
            raise LoadError(
                file.path,
                "is not a text file. Raw float32 needs a tensor_shape in the config; other formats "
                "need their usual suffix.",
            )
        layout = _matrix(file)
        n_rows = count_lines(file, blank=False) - layout.n_skipped
        if layout.sizes is not None and layout.sizes[0] != n_rows:
            raise LoadError(
                file.path,
                f"line 1 says {layout.sizes[0]:,} rows, but {n_rows:,} follow. The file is "
                "truncated or line 1 is wrong: copy it again, or correct line 1.",
            )
        problems = tuple(FileProblem(note, "warning") for note in layout.notes)
        doubtful = is_doubtful(file, layout)
        tensor = Tensor(
            "",
            file.stem,
            (n_rows, layout.n_numbers),
            "float32",
            role="weight" if doubtful else "embedding",
            whole=True,
            doubtful=doubtful,
        )
        return Found((tensor,), problems)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read all numbers; see `number_matrix`."""
        layout = _matrix(file)
        if not self.needs_no_library(file):
            whole = FileBytes(file.real)
            there = RawText(len(whole), whole.array)
            fast = read_fast(there, delimiter=layout.separator, skip=layout.skip)
            if fast is not None:
                return Loaded(fast, warnings=layout.notes)
        try:
            text, guessed = decode(read_all(file.real, limit=MAX_TEXT, what="a text file"))
        except UnicodeError:
            raise LoadError(file.path, "starts as UTF-16, but is not. Save it as UTF-8.") from None
        values, more = read_strict(file.path, text, delimiter=layout.separator, skip=layout.skip)
        return Loaded(values, warnings=(*guessed, *layout.notes, *more))


def _matrix(file: File) -> Layout:
    """Return how the matrix is laid out; raise LoadError with the place of the first mistake."""
    layout = layout_of(file)
    if layout is not None and layout.kind == "matrix":
        return layout
    head = file.head()
    if b"\n" not in head and len(head) < file.size:
        head = read_head(file.real, 1 << 24)
    lines = first_lines(head, 2)
    first = [cells_of(line, delimiter_of(line)) for line in lines[:1]]
    if first and all(map(is_number, first[0])):  # a later line is wrong: found when it is read
        return Layout("matrix", delimiter_of(lines[0]), len(first[0]))
    for number, line in enumerate(lines, 1):
        for column, cell in enumerate(cells_of(line, delimiter_of(line)), 1):
            if not is_number(cell):
                raise LoadError(
                    file.path,
                    f"found {cell[:40]!r}, expected a number. A tensors file contains only "
                    "numbers, separated by tabs; put labels in a metadata file.",
                    place=f"line {number}, column {column}",
                )
    raise LoadError(file.path, "contains no numbers. Expected one row of numbers per point.")
