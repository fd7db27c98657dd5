"""Reads ``.npy`` files of Python objects, which numpy pickles: a dict, or a list of vectors."""

from __future__ import annotations

import io
import tokenize

from numpy.lib import format as npy

from projector.errors import LoadError
from projector.loaders.base import File, Found, Loaded, Tensor
from projector.loaders.decoders.pickles.reader import read_pickle
from projector.loaders.decoders.pickles.stream import Stream
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.pickles.plain import explained, found_in, loaded_from
from projector.loaders.formats.pickles.tables import Tables, tables_of
from projector.loaders.safe_files import reason_of

_MAGIC = b"\x93NUMPY"
#: How numpy writes the type of Python's objects in a header.
_OBJECTS = (b"'descr': '|O'", b"'descr': 'O'", b"'descr': '|O8'", b"'descr': '|O4'")
_HEADER = 256
#: What numpy raises on damaged headers; those of Python 2 are tokenized first.
_ERRORS = (
    ValueError,
    SyntaxError,
    TypeError,
    EOFError,
    RecursionError,
    MemoryError,
    KeyError,
    tokenize.TokenError,
)


class ObjectArray:
    """What ``numpy.save`` makes of a dict, or of a list of things of different shapes."""

    name = "npy-objects"
    title = "NumPy array of objects"
    gives = "the vectors of a dict or list, as from a Python pickle"
    extensions = (".npy",)

    def sniff(self, file: File) -> bool:
        """Recognize it by the magic string and the type in the header."""
        head = file.head()
        return head.startswith(_MAGIC) and any(each in head[:_HEADER] for each in _OBJECTS)

    def list(self, file: File) -> Found:
        """Read the pickle; the bytes of arrays are not read."""
        return found_in(file, _tables(file))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Take one matrix out of the pickle."""
        return loaded_from(file, _tables(file), tensor)


def _tables(file: File) -> Tables:
    head = io.BytesIO(file.head())
    try:
        version = npy.read_magic(head)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        read(head)
    except _ERRORS as error:
        reason = reason_of(error)
        raise LoadError(
            file.path, f"has a damaged NumPy header ({reason}). Save it again."
        ) from None
    with explained(file):
        return tables_of(read_pickle(Stream(FileBytes(file.real), head.tell())))
