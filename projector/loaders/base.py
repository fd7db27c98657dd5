"""What every format's file promises, and the values that pass from it to discovery.

A loader answers three questions about a file: is it mine (`sniff`), what is in it (`list`, from
headers only) and give me that one tensor (`load`). It knows no run, no config and no other
format; `discover` puts the answers together.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from projector.errors import LoadError
from projector.loaders.safe_files import read_head
from projector.model.listing import Role, Severity
from projector.model.metadata import Column
from projector.typing import AnyArray

#: Bytes that `File.head` offers to `sniff`: enough for every magic number and a few text lines.
HEAD = 4096

#: What a library or we ourselves may raise on data that nobody thought of. At the two places
#: where a file meets the rest of the program it becomes a LoadError, so that one bad file never
#: hides a good one; the loaders themselves are held to raise LoadError only.
UNEXPECTED_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class File:
    """A regular file inside the log directory, as the walk met it.

    Attributes
    ----------
    path : Path
        Where it stands; a symbolic link is already followed in `real`.
    root : Path
        The log directory, resolved. Nothing outside is ever opened.
    size, mtime_ns : int
        Tell whether it changed since it was last read.
    folder : mapping of str to File
        All files of the same directory by name, itself included.
    """

    path: Path
    root: Path
    size: int
    mtime_ns: int
    folder: Mapping[str, File] = field(default_factory=dict, repr=False, compare=False)
    real: Path = Path()

    @cached_property
    def name(self) -> str:
        """The name without its directory."""
        return self.path.name

    @cached_property
    def stem(self) -> str:
        """The name without a compression and without a format suffix."""
        name = self.name.removesuffix(".gz")
        if name.endswith(".weights.h5"):
            return name.removesuffix(".weights.h5")
        stem, dot, suffix = name.rpartition(".")
        return stem if dot and stem and len(suffix) <= 12 and not suffix.isdigit() else name

    @cached_property
    def signature(self) -> tuple[str, int, int]:
        """Changes when the file is rewritten."""
        return (str(self.path), self.size, self.mtime_ns)

    def head(self) -> bytes:
        """Return the first bytes, at most `HEAD`; they are read once."""
        cached = self.__dict__.get("_head")
        if cached is None:
            cached = read_head(self.real, HEAD)
            object.__setattr__(self, "_head", cached)
        return bytes(cached)


@dataclass(frozen=True)
class FileProblem:
    """Something to tell about a file; becomes a Problem once its run is known."""

    message: str
    severity: Severity = "error"
    path: Path | None = None


@dataclass(frozen=True)
class Tensor:
    """One tensor that a file holds, known from its header.

    Attributes
    ----------
    key : str
        What the loader needs to find it again; unique within the file.
    name : str
        What a person calls it.
    shape : tuple of int
        Of any rank; only matrices are shown.
    dtype : str
    step : int or None
        Where the content tells; otherwise the file's name may.
    role : {"embedding", "weight", "slot"}
    aliases : tuple of str
        Other names that configs and people use for it.
    real : bool
        False for strings and complex numbers, which have no place in a real space.
    labeled : bool
        True where the file itself holds a metadata row for every row.
    whole : bool
        True where the file is about this one tensor, so its name is the file's.
    detail : object
        The loader's own note on where the bytes lie.
    """

    key: str
    name: str
    shape: tuple[int, ...]
    dtype: str
    step: int | None = None
    role: Role = "weight"
    aliases: tuple[str, ...] = ()
    real: bool = True
    labeled: bool = False
    whole: bool = False
    detail: Any = field(default=None, repr=False, compare=False)

    @property
    def is_matrix(self) -> bool:
        """Whether it can be looked at: two dimensions, neither empty, of real numbers."""
        return self.real and len(self.shape) == 2 and min(self.shape) > 0

    def renamed(self, name: str) -> Tensor:
        """Return the same tensor under another name, which stays an alias."""
        if name == self.name:
            return self
        return replace(self, name=name, aliases=(*self.aliases, self.name))


@dataclass(frozen=True)
class Found:
    """What listing a file gave.

    Attributes
    ----------
    tensors : tuple of Tensor
    problems : tuple of FileProblem
    parts : tuple of File
        Other files whose content this one accounts for (shards); they are not listed again, and
        a change of one of them is a change of this one.
    step : int or None
        Of the whole file, where the content tells.
    has_scalars : bool
        It holds scalars, which stand beside the steps of its run.
    folder_is_one : bool
        True where the directory as a whole is one checkpoint, so that its name tells the step.
    """

    tensors: tuple[Tensor, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    parts: tuple[File, ...] = ()
    step: int | None = None
    folder_is_one: bool = False
    has_scalars: bool = False


@dataclass(frozen=True)
class Loaded:
    """A tensor's numbers and what stood beside them in the same file.

    Attributes
    ----------
    values : ndarray of the tensor's shape, any real dtype
        A read-only memory map where the file's bytes can be used as they lie.
    columns : tuple of Column
        Metadata from the same file, one row a row of `values`.
    warnings : tuple of str
    """

    values: AnyArray
    columns: tuple[Column, ...] = ()
    warnings: tuple[str, ...] = ()


class Loader(Protocol):
    """A format. Its file in this folder and one line in `registry` are all it takes."""

    @property
    def name(self) -> str:
        """Short and stable: it is `Entry.format`."""

    @property
    def title(self) -> str:
        """For people, as docs/formats.md heads it."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """Usual suffixes: named where no loader takes a file. Content decides, not they."""

    def sniff(self, file: File) -> bool:
        """Tell from content, then name, whether this loader should list `file`. Never raises."""

    def list(self, file: File) -> Found:
        """List the tensors of `file` from its headers.

        Raises
        ------
        LoadError
            The file is not what it claims to be.
        """

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one tensor that `list` gave.

        Raises
        ------
        LoadError
            Its bytes are missing, damaged or disagree with the header.
        """


@runtime_checkable
class ShapedLoader(Loader, Protocol):
    """A format without a header, which can be given its shape from outside.

    Optional: a loader that has `with_shape` is one.
    """

    def with_shape(self, file: File, shape: tuple[int, ...]) -> Found:
        """List the one tensor of `file`, with the shape that a config gives.

        Raises
        ------
        LoadError
            The shape is not a matrix, or does not fit the size of the file.
        """


def located_message(error: LoadError) -> str:
    """Return an error's message with its place in the file in front."""
    return f"{error.place}: {error.message}" if error.place else error.message


def unexpected_error(path: Path, error: BaseException) -> LoadError:
    """Return what to tell of an error that no loader foresaw."""
    if isinstance(error, MemoryError):
        return LoadError(path, "needs more memory than there is. Close something, or take a part.")
    told = f"{type(error).__name__}: {error}"[:200]
    return LoadError(
        path, f"can not be read, and the reader did not expect this ({told}). Please report it."
    )
