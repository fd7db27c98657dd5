"""What the headers of files say that may be parts: rows, columns, and the embeddings in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from projector.errors import LoadError
from projector.loaders.base import UNEXPECTED_ERRORS, File, NoVectorsError, Tensor, unexpected_error
from projector.loaders.formats.tables.arrow_call import reading_as
from projector.loaders.formats.tables.arrow_columns import metadata
from projector.loaders.in_reader import call_in_reader
from projector.loaders.partitioned.piece_formats import PIECE_LOADERS
from projector.loaders.partitioned.table_pieces import open_tables

if TYPE_CHECKING:
    import pyarrow as pa

#: Files whose headers one call of the reader process reads.
_AT_ONCE = 32
_LISTED = 8


@dataclass(frozen=True)
class About:
    """What the header of one file says.

    Attributes
    ----------
    n_rows : int
    types : tuple of (str, str)
        Its columns, and their types as Arrow prints them.
    metadata : tuple of str
        The columns that can be metadata.
    tensors : tuple of Tensor
        Its embeddings; none if it has no rows, or no vector among the first.
    error : str
        Why it cannot be read; empty if it can.
    """

    n_rows: int = 0
    types: tuple[tuple[str, str], ...] = ()
    metadata: tuple[str, ...] = ()
    tensors: tuple[Tensor, ...] = ()
    error: str = ""

    @property
    def its_columns(self) -> str:
        """A sentence that names the first columns, for errors."""
        there = ", ".join(f"{name} ({kind})"[:60] for name, kind in self.types[:_LISTED])
        return f"Its columns are {there}."


def abouts_of(files: Sequence[File], format: str) -> Iterator[About]:
    """Give what the header of each file says.

    Files that end the reader process are damaged; the others of the same call are read again.
    """
    if format == "npy":
        yield from map(_array, files)
        return
    for start in range(0, len(files), _AT_ONCE):
        yield from _together(files[start : start + _AT_ONCE], format)


def _together(files: Sequence[File], format: str) -> list[About]:
    size = sum(file.size for file in files)
    try:
        found: list[About] = call_in_reader(
            f"{__name__}:tables",
            files[0],
            *(list(files), format),
            title=PIECE_LOADERS[format].title,
            size=size,
            long=False,
        )
        return found
    except LoadError as error:
        if len(files) == 1:
            return [About(error=_said(error))]
        return [about for file in files for about in _together([file], format)]


def tables(files: Sequence[File], format: str) -> list[About]:
    """Return what the headers of some tables say; in the reader process."""
    return [_table(file, format) for file in files]


def _table(file: File, format: str) -> About:
    loader = PIECE_LOADERS[format]
    try:
        with reading_as(file, loader.title):
            opened = open_tables(file, format)
            schema, n_rows = opened.schema, sum(opened.counts)
            types = tuple((field.name, str(field.type)) for field in schema)
            names = tuple(_metadata_names(schema))
        tensors: tuple[Tensor, ...] = ()
        if n_rows:
            try:
                tensors = loader.list(file).tensors
            except NoVectorsError:  # its first rows may have none
                tensors = ()
        return About(n_rows, types, names, tensors)
    except LoadError as error:
        return About(error=_said(error))
    except MemoryError:
        raise
    except UNEXPECTED_ERRORS as error:
        return About(error=_said(unexpected_error(file.path, error)))


def _metadata_names(schema: pa.Schema) -> Iterator[str]:
    empty, counts = schema.empty_table(), Counter(schema.names)
    for name, count in counts.items():
        if count == 1 and metadata(empty.select([name]), ())[0]:
            yield name


def _array(file: File) -> About:
    try:
        (tensor,) = PIECE_LOADERS["npy"].list(file).tensors
    except LoadError as error:
        return About(error=_said(error))
    shape = tensor.shape
    if len(shape) != 2 or not shape[1] or not tensor.real:
        return About(error=f"is a {tensor.dtype} array of shape {shape}, not a matrix of numbers.")
    return About(shape[0], tensors=(tensor,))


def _said(error: LoadError) -> str:
    return f"{error.place}: {error.message}" if error.place else error.message
