"""What the machine lacks is told with its place, what is free, and what to do; a defect is not."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.errors import MachineError, ProjectorError, SaveError
from projector.machine.shortages import machine_error, save_error, saving, why


def fault(number: int, name: str | None = None) -> OSError:
    return OSError(number, os.strerror(number), name)


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (
            errno.ENOSPC,
            SaveError,
            ["No space left", "Free some space", "are free in the folder"],
        ),
        (errno.EDQUOT, SaveError, ["quota", "Free some space"]),
        (errno.EFBIG, SaveError, ["too large", "ulimit -f"]),
        (errno.EROFS, SaveError, ["Read-only", "Change its permissions"]),
        (errno.EMFILE, MachineError, ["Too many open files", "ulimit -n"]),
        (errno.ENFILE, MachineError, ["Close other programs"]),
        (errno.ENOMEM, MachineError, ["memory", "are free"]),
        (errno.EAGAIN, MachineError, ["ulimit -u"]),
        (errno.EIO, MachineError, ["{path}", "Check the disk"]),
        (errno.ESTALE, MachineError, ["{path}", "Mount the network folder again"]),
        (errno.EACCES, MachineError, ["{path}", "Change its permissions"]),
    ],
)
def test_every_shortage_says_what_to_do(
    tmp_path: Path, number: int, kind: type[ProjectorError], words: list[str]
) -> None:
    path = tmp_path / "x.bin"
    found = machine_error(fault(number, str(path)))
    assert type(found) is kind
    for word in words:
        assert word.format(path=path) in str(found)
    assert "Errno" not in str(found)
    assert str(found).endswith(".")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        OSError("without a number"),
        fault(errno.ENOENT, "/nothing"),
        fault(errno.EPIPE),
        fault(errno.EACCES),
        ZeroDivisionError(),
    ],
)
def test_a_defect_is_no_shortage(error: Exception) -> None:
    assert machine_error(error) is None


def test_too_little_memory_is_a_shortage() -> None:
    with pytest.raises(MemoryError) as caught:
        np.empty(1 << 60, np.uint8)
    found = machine_error(caught.value)
    assert isinstance(found, MachineError)
    assert "not enough memory" in str(found)
    assert "are free" in str(found)


def test_a_folder_that_was_removed_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "work" / "below" / "x.bin"
    assert f"Make {tmp_path / 'work'} again." in why(fault(errno.ENOENT, str(gone)), gone)


def test_what_is_written_is_told_with_its_size(tmp_path: Path) -> None:
    told = str(save_error(tmp_path / "x", fault(errno.ENOSPC), needs=3_000_000, otherwise="wait"))
    assert told.startswith(f"x: the 3.0 MB that it takes cannot be written to '{tmp_path}': ")
    assert told.endswith("), or wait.")
    with pytest.raises(SaveError, match="cannot be written to"), saving(tmp_path / "x"):
        raise fault(errno.EIO)


def _projection() -> projector.Projection:
    return projector.project(np.random.default_rng(0).normal(size=(2000, 4)), "pca")


def _neighbors() -> Any:
    return projector.neighbors(np.random.default_rng(0).normal(size=(2000, 4)), 5)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize("make", [_projection, _neighbors])
def test_an_export_that_does_not_fit_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, make: Callable[[], Any]
) -> None:
    import resource
    import signal

    result = make()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(SaveError, match=r"cannot be written to .*ulimit -f"):
            result.save(tmp_path / "out.csv")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert list(tmp_path.iterdir()) == []
    result.save(tmp_path / "out.csv")
