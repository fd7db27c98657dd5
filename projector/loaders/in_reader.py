"""Runs loaders whose libraries foreign bytes may crash in the reader process, which may die.

A crash, an endless loop or a demand for too much memory costs one file, and says so. Everything
else goes on: see `projector.machine.expendable`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import (
    UNEXPECTED_ERRORS,
    File,
    Found,
    Loaded,
    Loader,
    NativeLoader,
    Operation,
    SeveralLoader,
    Tensor,
    unexpected_error,
)
from projector.loaders.remote.mirrors import mirror_of, reading_through_owner
from projector.loaders.remote.owners_mirror import OwnersAnswers
from projector.loaders.remote.unread import UnreadNowError
from projector.machine.byte_size import byte_size
from projector.machine.child_process import named_function
from projector.machine.expendable import EXPENDABLE, CallEndedError, Limits
from projector.machine.memory import free_memory
from projector.machine.private_map import Place, open_place, place_of
from projector.machine.questions import OWNER
from projector.typing import AnyArray

#: The share of the free memory that reading one file may take.
_SHARE = 0.75
#: Compression and the layouts of tables make data larger than the file, by at most this much;
#: small files may take `_SMALL` in any case.
_MAX_RATIO = 4000
_SMALL = 1 << 30
#: Seconds of computing for a listing and for a load, and bytes that each second more is for.
_LIST_SECONDS, _LOAD_SECONDS, _BYTES_PER_SECOND = 60.0, 1800.0, 1e6
#: Arrays with fewer bytes are sent, even if they are in a private copy of the file.
_LARGE = 1 << 16


class InReader:
    """A loader that calls another one in the reader process.

    Parameters
    ----------
    loader : NativeLoader
    """

    def __init__(self, loader: NativeLoader) -> None:
        self._loader = loader
        self.name = loader.name
        self.title = loader.title
        self.extensions = loader.extensions
        self.gives: str = getattr(loader, "gives", "")
        self.before: tuple[str, ...] = getattr(loader, "before", ())

    def sniff(self, file: File) -> bool:
        """Return whether the file is of this format; see `Loader.sniff`."""
        return self._loader.sniff(file)

    def list(self, file: File) -> Found:
        """List the tensors; see `Loader.list`."""
        if self._stays("list", file):
            return self._loader.list(file)
        found: Found = self._call("list", file)
        return found

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one tensor; see `Loader.load`."""
        if self._stays("load", file):
            return self._loader.load(file, tensor)
        loaded: Loaded = self._call("load", file, tensor)
        return loaded

    def load_several(self, file: File, tensors: Sequence[Tensor]) -> Iterable[Loaded]:
        """Read several tensors; see `SeveralLoader.load_several`."""
        if not isinstance(self._loader, SeveralLoader):
            return (self.load(file, tensor) for tensor in tensors)
        if self._stays("load", file):
            return self._loader.load_several(file, tensors)
        loaded: list[Loaded] = self._call("load_several", file, *tensors)
        return loaded

    def _stays(self, operation: Operation, file: File) -> bool:
        if operation not in self._loader.native:
            return True
        alone = getattr(self._loader, "needs_no_library", None)
        return alone is not None and bool(alone(file))

    def _call(self, operation: str, file: File, *tensor: Tensor) -> Any:
        siblings = file.folder if getattr(self._loader, "reads_siblings", False) else {}
        return call_in_reader(
            f"{__name__}:perform",
            file,
            *(self._loader, operation, file, dict(siblings), *tensor),
            title=self.title,
            size=file.size + sum(each.size for each in siblings.values()),
            long=operation != "list",
        )


def call_in_reader(
    function: str, file: File, *arguments: Any, title: str, size: int, long: bool
) -> Any:
    """Call a function in the reader process.

    Parameters
    ----------
    function : str
        ``"package.module:name"``; takes the arguments, and is of this room.
    file : File
        What it reads, for errors.
    *arguments
    title : str
        Of the format, for errors.
    size : int
        Bytes of the files that it reads; bounds its memory and time.
    long : bool
        Whether it may take long.

    Raises
    ------
    LoadError
        The file cannot be read, or ended the process.
    """
    limits = _limits(size, long=long)
    mirror = mirror_of(file.real)
    if mirror is not None:
        arguments = (str(mirror.home), function, *arguments)
        function = f"{__name__}:through_owner"
    try:
        return EXPENDABLE.call(
            function,
            *arguments,
            limits=limits,
            reduce=f"{__name__}:reduced",
            long=long,
            answering=None if mirror is None else OwnersAnswers(mirror),
        )
    except CallEndedError as error:
        raise _as_load_error(file.path, title, error, limits) from None


def in_reader(loader: Loader) -> Loader:
    """Return a loader that calls `loader` in the reader process if it is a `NativeLoader`."""
    return InReader(loader) if isinstance(loader, NativeLoader) else loader


def perform(
    loader: Loader, operation: str, file: File, siblings: Mapping[str, File], *tensor: Tensor
) -> Found | Loaded | list[Loaded]:
    """Call a loader; in the reader process.

    Parameters
    ----------
    loader : Loader
    operation : {"list", "load", "load_several"}
    file : File
        Without its folder.
    siblings : mapping of str to File
        Its folder, where the format needs other files.
    tensor : Tensor
        What to load.
    """
    object.__setattr__(file, "folder", {file.name: file} | dict(siblings))
    try:
        if operation == "load_several" and isinstance(loader, SeveralLoader):
            return list(loader.load_several(file, tensor))
        return loader.list(file) if operation == "list" else loader.load(file, *tensor)
    except MemoryError:
        raise  # how much it may take is known to the owner
    except UNEXPECTED_ERRORS as error:
        raise unexpected_error(file.path, error) from error


def through_owner(home: str, function: str, *arguments: Any) -> Any:
    """Call a function that reads files of a mirror; in the reader process."""
    with reading_through_owner(home, OWNER.ask):
        return named_function(function)(*arguments)


def reduced(value: Any) -> Any:
    """Send the place of an array that is in a private copy of the file, instead of its bytes."""
    if not isinstance(value, np.ndarray) or value.dtype.hasobject:
        return NotImplemented
    place = place_of(value) if value.nbytes >= _LARGE else None
    if place is not None:
        return placed_array, (place, value.dtype, value.shape)
    # Only plain arrays of one piece are sent without being copied into the message.
    whole = value if value.flags.forc else np.ascontiguousarray(value)
    return whole.view(np.ndarray).__reduce_ex__(5)


def placed_array(place: Place, dtype: np.dtype[Any], shape: tuple[int, ...]) -> AnyArray:
    """Map an array of the reader process; in the owner."""
    count = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    return open_place(place, count).view(dtype).reshape(shape)


def _limits(size: int, *, long: bool) -> Limits:
    memory = min(_SHARE * free_memory().n_bytes, _SMALL + _MAX_RATIO * size)
    seconds = (_LOAD_SECONDS if long else _LIST_SECONDS) + size / _BYTES_PER_SECOND
    # A disk may be slow: the clock only ends what does not compute.
    return Limits(int(memory), seconds, 2 * seconds)


def _as_load_error(path: Path, title: str, error: CallEndedError, limits: Limits) -> LoadError:
    if error.why == "crashed":
        return LoadError(
            path,
            f"crashed the reader of {title} ({error.detail}), which had a process of its own. The "
            "file is damaged; save it again.",
        )
    if error.why == "killed":
        return UnreadNowError(
            path,
            f"was not read: the process that read it was killed ({error.detail}), most likely "
            "because the machine ran out of memory. Close other programs, then try again.",
        )
    if error.why == "memory":
        return _lacks_memory(path, limits)
    if error.why == "time":
        return LoadError(
            path,
            f"was not read within {limits.cpu_seconds:,.0f} seconds of computing, which is not "
            "plausible for its size. The file is damaged; save it again.",
        )
    if error.why == "start":
        return UnreadNowError(
            path,
            f"was not read: the system starts no process for the reader of {title} "
            f"({error.detail}). Raise the limit of processes (ulimit -u), or end other programs.",
        )
    return LoadError(
        path, f"cannot be read because of an unexpected error ({error.detail}). Please report this."
    )


def _lacks_memory(path: Path, limits: Limits) -> LoadError:
    free = free_memory()
    wanted = f"takes more than {byte_size(limits.memory)} of memory to be read"
    if limits.memory < _SHARE * free.n_bytes / 2:
        return LoadError(
            path, f"{wanted}, which is not plausible for its size. Save it again, in another way."
        )
    return UnreadNowError(path, f"{wanted}, and {free}. {free.advice}, or save a part of the data.")
