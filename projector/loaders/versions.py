"""Reads files that others may write at the same moment: one version of them, or none.

A file that changed while it was read is read again: what was read may be a part of one version and
a part of the next. Whether it changed is seen from its times and size, before and after.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from projector.errors import FileChangedError

#: A file may change twice within one tick of its file system's clock, and its times change once.
_TICK = 0.02
#: A file that changed while it was read must rest so long before it is read again, or a program
#: that was interrupted in the middle of writing it would look like one that is done.
_REST = 0.25
#: Some file systems count whole seconds, or every other one.
_COARSE_TICK = 2.05
_SECOND = 1_000_000_000
#: A program that writes much at once changes a file's times when it begins, and then no more.
_RECENT = 2.0
#: Seconds for which a file is read again unless the caller has more patience.
_PATIENCE = 1.0
_PAUSE = 0.02


class Version(NamedTuple):
    """What a file's status says of its content: another one means that it was changed.

    Attributes
    ----------
    size : int
    modified_ns, changed_ns : int
        The times of the last change of its content, and of its content or status.
    device, inode : int
    """

    size: int
    modified_ns: int
    changed_ns: int
    device: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Version:
        """Return the version that a status describes."""
        times = (status.st_mtime_ns, status.st_ctime_ns)
        return cls(status.st_size, *times, status.st_dev, status.st_ino)

    @property
    def age(self) -> float:
        """The seconds since the last change; negative if it is in the future, by another clock."""
        now = time.time_ns()
        ages = [now - at for at in (self.modified_ns, self.changed_ns)]
        # A program may set the first time to whatever it likes, in the future, too.
        return min([age for age in ages if age >= 0] or ages) / _SECOND

    def unsettled(self, rest: float = _TICK) -> float:
        """Return the seconds until it has not changed for `rest`, and any change will show."""
        oldest = time.time_ns() - int(max(rest, _COARSE_TICK) * _SECOND)
        if self.modified_ns < oldest and self.changed_ns < oldest:
            return 0.0  # as almost all files of a large log directory
        age = self.age
        if age < 0:
            return 0.0  # there is nothing to wait for
        is_coarse = not (self.modified_ns % _SECOND or self.changed_ns % _SECOND)
        return max(0.0, (_COARSE_TICK if is_coarse else rest) - age)

    def continues(self, earlier: Version, *, grows: bool = False) -> bool:
        """Tell whether it is an earlier version, or with `grows` one with more at its end."""
        if self == earlier:
            return True
        same_file = (self.device, self.inode) == (earlier.device, earlier.inode)
        return grows and same_file and self.size > earlier.size

    @property
    def is_recent(self) -> bool:
        """Whether a program may still be at what its times tell of."""
        return self.age < _RECENT


def wait_for_rest(found: Iterable[Version]) -> None:
    """Wait until some versions are settled, if that is a matter of one tick."""
    waits = (version.unsettled() for version in found)
    longest = max((wait for wait in waits if wait <= _TICK), default=0.0)
    if longest:
        time.sleep(longest)


def version_of(path: Path) -> Version | None:
    """Return a file's version; None if there is no file."""
    try:
        return Version.of(os.stat(path))
    except OSError:
        return None


class Attempt:
    """One attempt to read files in one version; see `attempts`.

    Attributes
    ----------
    held : bool
        Whether no file changed in the meantime.
    """

    def __init__(self, until: float, rest: float) -> None:
        self.held = False
        self._until = until
        self._rest = rest

    @contextlib.contextmanager
    def reading(
        self,
        paths: Iterable[Path],
        *,
        grows: bool = False,
        looks_cut: Callable[[Path], bool] = lambda path: False,
    ) -> Iterator[Callable[[], bool]]:
        """Read some files. An error counts only if they did not change; else it is dropped.

        Gives a function that tells whether none of them has changed so far.

        Parameters
        ----------
        paths : iterable of Path
        grows : bool
            Whether they may get longer meanwhile, as event files do.
        looks_cut : callable
            Tells of a file that was just written whether more of it seems to come.
        """
        watched = tuple(dict.fromkeys(paths))
        before, is_at_rest = self._settled(watched, looks_cut)

        def held() -> bool:
            pairs = zip(_versions(watched), before, strict=True)
            return all(
                now == then or (now and then and now.continues(then, grows=grows))
                for now, then in pairs
            )

        def unchanged() -> bool:
            return held() and not any(each.unsettled() for each in before if each is not None)

        try:
            yield unchanged
        except FileChangedError:
            return
        except Exception:
            if is_at_rest and held():
                raise
            return
        self.held = unchanged()

    def _settled(
        self, paths: tuple[Path, ...], looks_cut: Callable[[Path], bool]
    ) -> tuple[list[Version | None], bool]:
        """Wait until some files rest; return their versions, and whether they do."""

        def wait_for(path: Path, version: Version) -> float:
            longest = version.unsettled(_REST)
            if not longest or self._rest == _REST or looks_cut(path):
                return longest
            return version.unsettled(self._rest)

        while True:
            found = _versions(paths)
            pairs = zip(paths, found, strict=True)
            wait = max((wait_for(path, each) for path, each in pairs if each), default=0.0)
            if not wait or time.monotonic() + wait > self._until:
                return found, not wait
            time.sleep(wait)


def attempts(
    path: Path, patience: float = _PATIENCE, *, is_changing: bool = False
) -> Iterator[Attempt]:
    """Give attempts to read a file until the caller is content with one.

    Parameters
    ----------
    path : Path
        For the error.
    patience : float
        Seconds after which there is no further attempt.
    is_changing : bool
        Whether it is known that somebody writes.

    Raises
    ------
    FileChangedError
        Time is up.

    Examples
    --------
    ::

        for attempt in attempts(path):
            with attempt.reading([path]):
                data = read(path)
            if attempt.held:
                return data
    """
    until = time.monotonic() + patience
    count = 0
    while not count or time.monotonic() < until:
        count += 1
        yield Attempt(until, _TICK if count == 1 and not is_changing else _REST)
        time.sleep(_PAUSE)
    raise FileChangedError(
        path,
        f"is being written: it changed each of the {count} times that it was read. Wait until it "
        "is complete.",
    )


def _versions(paths: tuple[Path, ...]) -> list[Version | None]:
    return [version_of(path) for path in paths]
