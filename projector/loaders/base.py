"""The protocol of a loader, and the values that loaders take and return.

A loader does three things with a file: recognize it (`sniff`), list its tensors from headers alone
(`list`), and read one of them (`load`). It knows nothing of runs, configs or other formats;
`discover` combines the results.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, runtime_checkable

from projector.errors import LoadError
from projector.loaders.naming import is_store_marker
from projector.loaders.safe_files import read_head, read_range, reason_of
from projector.loaders.versions import Version, version_of
from projector.machine.memory import is_lack_of_memory
from projector.model.listing import Role, Severity
from projector.model.metadata import Column
from projector.model.training_log import SUFFIX as LOG_SUFFIX
from projector.typing import AnyArray

#: Bytes that `File.head` returns: enough for every magic number and a few lines of text.
HEAD = 4096

#: Suffixes of compression, which stand after that of the format.
_COMPRESSED = re.compile(r"\.(?:gz|bz2|xz|zst|zip)$", re.IGNORECASE)

#: What a library, or a defect of a loader, may raise on unexpected data. Where a file is listed and
#: where it is read these become a LoadError, so that one bad file never hides a good one. Loaders
#: themselves must raise LoadError only; the fuzz tests call them without this safety net.
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
    """A regular file inside the log directory, as the walk found it.

    Attributes
    ----------
    path : Path
        Its location; if that is a symbolic link, `real` is the target.
    root : Path
        The log directory, resolved. Nothing outside is ever opened.
    size, mtime_ns : int
        Size in bytes and time of modification; a change of either means that the file changed.
    folder : mapping of str to File
        All files of the same directory by name, this one included.
    real : Path
        The resolved path, which is opened.
    version : Version or None
        What the walk saw; None for a file that cannot change.
    """

    path: Path
    root: Path
    size: int
    mtime_ns: int
    folder: Mapping[str, File] = field(default_factory=dict, repr=False, compare=False)
    real: Path = field(default_factory=Path)
    version: Version | None = None

    @classmethod
    def of(cls, path: Path, root: Path, status: os.stat_result, real: Path) -> File:
        """Return a file with this status; the files of its folder are added later."""
        version = Version.of(status)
        return cls(path, root, version.size, version.modified_ns, {}, real, version)

    @classmethod
    def at(cls, folder: str, name: str, root: Path, version: Version) -> File:
        """Return a file that is no link, as `of` does; the files of its folder are added later.

        A log directory has tens of thousands: what is asked of each is set at once, and the
        paths are made when somebody asks for them.
        """
        where = f"{folder.rstrip(os.sep)}{os.sep}{name}"
        size, modified, changed, _, _ = version
        file = object.__new__(cls)
        content = {
            "root": root,
            "size": size,
            "mtime_ns": modified,
            "folder": {},
            "version": version,
            "where": where,
            "name": name,
            "home": folder,
            "suffix": suffix_of(name),
            "signature": (where, size, modified, changed),
        }
        object.__setattr__(file, "__dict__", content)
        return file

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Path:
            """Make the paths of a file that `at` made."""
            where = self.__dict__.get("where")
            if where is None or name not in ("path", "real"):
                raise AttributeError(f"a File has no {name!r}")
            path = self.__dict__["path"] = self.__dict__.get("path") or Path(where)
            self.__dict__[name] = path
            return path

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the folder: another process would get all of its files with each one."""
        return {**self.__dict__, "folder": {}}

    @cached_property
    def name(self) -> str:
        """The name without the directory."""
        return self.path.name

    @cached_property
    def where(self) -> str:
        """The path as text."""
        return str(self.path)

    @cached_property
    def home(self) -> str:
        """The path of its folder as text."""
        return self.where.rpartition(os.sep)[0]

    @cached_property
    def suffix(self) -> str:
        """The last suffix in lower case, with its period; empty without one."""
        return suffix_of(self.name)

    @cached_property
    def stem(self) -> str:
        """The name without the suffixes of compression and format."""
        if is_store_marker(self.name, self.home):
            return self.path.parent.name.removesuffix(".zarr").removesuffix(LOG_SUFFIX)
        return _stem(self.name)

    @cached_property
    def signature(self) -> tuple[str, int, int, int]:
        """Changes when the file is rewritten."""
        changed = self.version.changed_ns if self.version else 0
        return (self.where, self.size, self.mtime_ns, changed)

    @cached_property
    def content(self) -> str:
        """Changes when the file is rewritten, or any file of the store that it stands for."""
        if is_store_marker(self.name, self.home):
            signatures = repr(sorted(file.signature for file in (*self.folder.values(), self)))
        else:
            return f"{self.size} {self.mtime_ns} {self.signature[3]} {self.where}"
        return hashlib.sha256(signatures.encode()).hexdigest()[:16]

    @property
    def is_settled(self) -> bool:
        """Whether what is read of it from now on is what its version stands for."""
        return self.version is None or self.is_read or not self.version.unsettled()

    @property
    def is_sure(self) -> bool:
        """Whether all that is remembered of it is of its version."""
        return bool(self.__dict__.get("_is_sure", True))

    def keep_head(self, head: bytes) -> None:
        """Keep the first bytes, which were just read of this very version."""
        self.__dict__.update(_head=head, _is_sure=True, _is_read=len(head) == self.size)

    def forget_content(self) -> None:
        """Drop what was read of it, which is read again when somebody asks for it."""
        for name in ("_head", "_layout", "_is_read"):
            self.__dict__.pop(name, None)

    @property
    def is_read(self) -> bool:
        """Whether `head` is all of it, and was read of this very version."""
        return bool(self.__dict__.get("_is_read", False))

    def is_current(self, *, grows: bool = False) -> bool:
        """Tell whether it still is as the walk found it, or with `grows` has only grown since."""
        seen = self.version
        if seen is None:
            return True
        now = version_of(self.real)
        return now is not None and now.continues(seen, grows=grows)

    def head(self) -> bytes:
        """Return the first bytes, at most `HEAD`. They are read once."""
        head: bytes | None = self.__dict__.get("_head")
        if head is None:
            # Another walk then reads a new one: this one may not be of the file's version.
            is_settled, head = self.is_settled, read_head(self.real, HEAD)
            self.__dict__.update(_is_sure=is_settled, _head=head)
        return head

    def tail(self, count: int) -> bytes:
        """Return the last bytes, at most `count`; a small file is not opened again for them."""
        if self.size <= HEAD:
            return self.head()[-count:]
        return read_range(self.real, self.size - count, count)


@lru_cache(maxsize=1 << 14)
def suffix_of(name: str) -> str:
    """Return the last suffix of a name in lower case, with its period; empty without one."""
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""


@lru_cache(maxsize=1 << 14)
def _stem(name: str) -> str:
    name = _COMPRESSED.sub("", name)
    if name.endswith(".weights.h5"):
        return name.removesuffix(".weights.h5")
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and stem and len(suffix) <= 12 and not suffix.isdigit() else name


@dataclass(frozen=True)
class FileProblem:
    """What is wrong with a file; becomes a Problem once its run is known.

    Attributes
    ----------
    message : str
    severity : {"error", "warning"}
    path : Path or None
        The file at fault; the listed file itself if None.
    lacks_vectors : bool
        Whether the file is sound and only has no vectors, which is no fault of labels.
    """

    message: str
    severity: Severity = "error"
    path: Path | None = None
    lacks_vectors: bool = False


@dataclass(frozen=True)
class Tensor:
    """One tensor of a file, known from its header.

    Attributes
    ----------
    key : str
        What the loader finds it by; unique within the file.
    name : str
        The name that is shown.
    shape : tuple of int
        Of any rank; only matrices are embeddings.
    dtype : str
        As stored.
    step : int or None
        The training step, where the content has it; otherwise the file's name may have it.
    role : {"embedding", "weight", "slot"}
    aliases : tuple of str
        Other names that configs and users know it by.
    real : bool
        False for strings and complex numbers, which cannot be projected.
    labeled : bool
        Whether the file itself has a metadata row for every row.
    whole : bool
        Whether this is the file's only tensor, so that it is named after the file.
    doubtful : bool
        Whether it is probably not what a person came for (loose columns of numbers, token ids,
        boxes): it is listed last, and metadata does not make an embedding of it.
    detail : object
        The loader's own record of where the bytes are.
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
    doubtful: bool = False
    detail: Any = field(default=None, repr=False, compare=False)

    @property
    def is_matrix(self) -> bool:
        """Whether it can be an embedding: two dimensions, neither empty, of real numbers."""
        return self.real and len(self.shape) == 2 and min(self.shape) > 0

    @property
    def vector_length(self) -> int:
        """How many numbers it has if it is one vector: at most one axis is longer than 1; else 0.

        A column of numbers, N x 1, is none.
        """
        if not self.real or not self.shape or (len(self.shape) > 1 and self.shape[0] != 1):
            return 0
        long = [size for size in self.shape if size != 1]
        return long[0] if len(long) == 1 else 0

    def renamed(self, name: str) -> Tensor:
        """Return the same tensor under another name, which stays an alias."""
        if name == self.name:
            return self
        other = object.__new__(Tensor)
        aliases = (*self.aliases, self.name)
        other.__dict__.update(self.__dict__, name=name, aliases=aliases)
        return other


@dataclass(frozen=True)
class Found:
    """What a loader found in a file.

    Attributes
    ----------
    tensors : tuple of Tensor
    problems : tuple of FileProblem
    parts : tuple of File
        Other files that belong to this one (shards). They are not listed on their own, and a
        change to one of them is a change to this one.
    step : int or None
        The training step of the whole file, where the content has it.
    folder_is_one : bool
        Whether the directory as a whole is one checkpoint, so that its name may give the step.
    has_scalars : bool
        Whether the file contains scalars such as the loss.
    epoch : int or None
        The epoch of the whole file, where the content has no step but an epoch.
    """

    tensors: tuple[Tensor, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    parts: tuple[File, ...] = ()
    step: int | None = None
    folder_is_one: bool = False
    has_scalars: bool = False
    epoch: int | None = None


@dataclass(frozen=True)
class Loaded:
    """A tensor's numbers, and the metadata of the same file.

    Attributes
    ----------
    values : ndarray of the tensor's shape, any real dtype
        Our own, never a map of the file; read-only where its bytes can be used as they are.
    columns : tuple of Column
        Metadata of the same file, one value per row of `values`.
    warnings : tuple of str
        What was guessed, changed or left out.
    """

    values: AnyArray
    columns: tuple[Column, ...] = ()
    warnings: tuple[str, ...] = ()


class Loader(Protocol):
    """One format. A new one needs a file in `formats` and a line in `formats.registry`."""

    @property
    def name(self) -> str:
        """The short, stable name that `Entry.format` gives."""

    @property
    def title(self) -> str:
        """The name for people; docs/formats.md has a section with this heading."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """The usual suffixes, for documentation and errors; a file is recognized by content."""

    def sniff(self, file: File) -> bool:
        """Return whether `file` is of this format, by its content and then its name.

        Raises LoadError only where the file cannot be opened.
        """

    def list(self, file: File) -> Found:
        """List the tensors of `file`; only headers are read.

        Raises
        ------
        LoadError
            The file is not what it claims to be.
        """

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one tensor that `list` returned.

        Raises
        ------
        LoadError
            Its bytes are missing or damaged, or do not match the header.
        """


Operation: TypeAlias = Literal["list", "load"]
Operations: TypeAlias = tuple[Operation, ...]


@runtime_checkable
class NativeLoader(Loader, Protocol):
    """A format that a library in C or C++ reads, which foreign bytes may crash.

    Optional: every loader with an attribute `native` is one, and is called in the reader process
    (see `projector.loaders.in_reader`). Such a loader has no state of its own. Two more attributes
    are optional: ``needs_no_library(file)`` tells of a file that Python alone reads, because it is
    small, and `reads_siblings` whether the loader needs other files of the folder.
    """

    @property
    def native(self) -> Operations:
        """The operations in which that library sees the file."""


@runtime_checkable
class DescribedLoader(Loader, Protocol):
    """A format with a line in the table of docs/formats.md.

    Every loader of `formats.registry` is one.
    """

    @property
    def gives(self) -> str:
        """What a person gets of a file, in a few words: ``"every matrix"``."""


@runtime_checkable
class ShapedLoader(Loader, Protocol):
    """A format without a header of its own, whose shape a config can give.

    Optional: every loader with a method `with_shape` is one.
    """

    def with_shape(self, file: File, shape: tuple[int, ...]) -> Found:
        """List the one tensor of `file`, with the shape that a config gives.

        Raises
        ------
        LoadError
            The shape is not a matrix, or does not fit the size of the file.
        """


@runtime_checkable
class SeveralLoader(Loader, Protocol):
    """A format whose files hold many tensors, so that opening one for each would be slow.

    Optional: every loader with a method `load_several` is one.
    """

    def load_several(self, file: File, tensors: Sequence[Tensor]) -> Iterable[Loaded]:
        """Read several tensors of `file`, one after the other, in the order given.

        Raises
        ------
        LoadError
            As `load` does.
        """


class NoVectorsError(LoadError):
    """A sound file without vectors, such as a table of labels."""


def located_message(error: LoadError) -> str:
    """Return an error's message with its place in the file in front."""
    return f"{error.place}: {error.message}" if error.place else error.message


def unexpected_error(path: Path, error: BaseException) -> LoadError:
    """Return the LoadError that replaces one of `UNEXPECTED_ERRORS`."""
    if is_lack_of_memory(error):
        return LoadError(
            path, "does not fit in memory. Close other programs, or save a part of the data."
        )
    reason = f"{type(error).__name__}: {reason_of(error, 160)}"
    return LoadError(
        path, f"cannot be read because of an unexpected error ({reason}). Please report this."
    )
