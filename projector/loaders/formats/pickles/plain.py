"""Reads the vectors in plain pickles (``.pkl``, ``.joblib``), arrays of objects included.

No code of a pickle is ever run, and nothing that it names is imported: see `decoders/pickles`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.pickles.contents import note_of
from projector.loaders.decoders.pickles.placeholders import Refused
from projector.loaders.decoders.pickles.reader import ERRORS, is_pickle, read_pickle
from projector.loaders.decoders.pickles.stream import Stream
from projector.loaders.formats.pickles.frames import KEY, list_frame, load_frame
from projector.loaders.formats.pickles.joblib import JoblibMachine, uncompressed
from projector.loaders.formats.pickles.tables import Other, Tables, VectorTable, tables_of
from projector.loaders.formats.pickles.torch_storage import torch_names
from projector.loaders.formats.torch.legacy import is_legacy
from projector.loaders.formats.torch.values import torch_name
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable, reason_of
from projector.model.metadata import Column

#: Before the number of something that is no matrix, in a tensor's key.
_OTHER = "other "
#: What is beside the pickle of an index of Chroma.
_CHROMA = frozenset({"header.bin", "data_level0.bin", "length.bin"})
_SUFFIXES = (".pkl", ".pickle", ".joblib", ".dill", ".p", ".pck")


class PlainPickle:
    """What ``pickle.dump`` and ``joblib.dump`` write, as far as it is vectors and plain values."""

    name = "pickle"
    title = "Python pickle"
    gives = "every table of vectors, as people arrange them; nothing is run"
    extensions = _SUFFIXES

    def sniff(self, file: File) -> bool:
        """Recognize one by its first operation, or by suffix."""
        head = file.head()
        if is_pickle(head):
            return not is_legacy(head)
        return bool(head) and file.name.lower().endswith(_SUFFIXES)

    def list(self, file: File) -> Found:
        """Read the pickle; the bytes of arrays are not read."""
        if all(name in file.folder for name in _CHROMA):
            return Found()  # the ids of vectors that chroma.sqlite3 leads to
        return found_in(file, _tables(file))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Take one matrix out of the pickle."""
        return loaded_from(file, _tables(file), tensor)


def _tables(file: File) -> Tables:
    with explained(file):
        raw = uncompressed(file)
        return tables_of(
            read_pickle(Stream(raw), None, torch_names(file.path), torch_name, JoblibMachine)
        )


@contextmanager
def explained(file: File) -> Iterator[None]:
    """Turn a refused or unexpected pickle into a LoadError that says what to do."""
    try:
        yield
    except Refused as error:
        raise LoadError(
            file.path,
            f"is refused: {error}. Save the vectors with numpy.save, torch.save or safetensors.",
        ) from None
    except ERRORS as error:
        raise LoadError(
            file.path,
            f"has a layout that is not known ({reason_of(error, 80)}). Save the "
            "vectors with numpy.save, torch.save or safetensors.",
        ) from None


def found_in(file: File, tables: Tables) -> Found:
    """Return the listing of a pickle's tables; a warning if there are none."""
    tensors = [_tensor(file, str(place), each) for place, each in enumerate(tables.found)]
    for place, frame in enumerate(tables.frames):
        tensors += list_frame(file, place, frame)
    tensors += [_other(file, place, each) for place, each in enumerate(tables.others)]
    if tensors:
        return Found(tuple(tensors))
    note = note_of(tables.left_out)
    message = (
        f"is a pickle without vectors. {note + ' ' if note else ''}If it should have some, save "
        'them as an array: numpy.save("vectors.npy", vectors).'
    )
    # A tokenizer or a scaler is a usual companion of vectors.
    return Found(problems=(FileProblem(message, "warning"),))


def _other(file: File, place: int, other: Other) -> Tensor:
    name = printable(other.name) or file.stem
    real = other.dtype != "str"
    return Tensor(f"{_OTHER}{place}", name, other.shape, other.dtype, real=real)


def _tensor(file: File, key: str, table: VectorTable) -> Tensor:
    role = role_of(table.name, table.matrix.shape) if table.name else "embedding"
    if role == "weight" and (table.columns or table.matrix.rows):
        role = "embedding" if table.matrix.is_fractional else role
    return Tensor(
        key,
        printable(table.name) or file.stem,
        table.matrix.shape,
        table.matrix.dtype,
        role=role,
        labeled=bool(table.columns),
        whole=not table.name,
    )


def loaded_from(file: File, tables: Tables, tensor: Tensor) -> Loaded:
    """Return the numbers and the columns of a listed table.

    Raises
    ------
    LoadError
        It is no longer there, or its vectors have different lengths.
    """
    if tensor.key.startswith(KEY):
        found = load_frame(file, tables.frames, tensor)
        note = note_of(tables.left_out)
        return replace(found, warnings=(*found.warnings, note)) if note else found
    if tensor.key.startswith(_OTHER):
        return _loaded_other(file, tables, int(tensor.key.removeprefix(_OTHER)))
    place = int(tensor.key)
    table = tables.found[place] if place < len(tables.found) else None
    if table is None or table.matrix.shape != tensor.shape:
        raise LoadError(file.path, "has changed. Refresh the listing.")
    with explained(file):
        values = table.matrix.take()
        rows = table.matrix.rows
        columns = tuple(_column(name, cells, rows) for name, cells in table.columns.items())
    warnings = []
    if rows is not None:
        warnings.append(
            f"{table.matrix.total - len(rows):,} of {table.matrix.total:,} rows have no vector of "
            f"{table.matrix.shape[1]:,} numbers and were left out."
        )
    note = note_of(tables.left_out)
    return Loaded(values, columns, (*warnings, *([note] if note else [])))


def _loaded_other(file: File, tables: Tables, place: int) -> Loaded:
    if place >= len(tables.others):
        raise LoadError(file.path, "has changed. Refresh the listing.")
    with explained(file):
        return Loaded(tables.others[place].take())


def _column(name: str, cells: Any, rows: list[int] | None) -> Column:
    chosen = cells if rows is None else [cells[row] for row in rows]
    return Column.from_values(printable(name), chosen)
