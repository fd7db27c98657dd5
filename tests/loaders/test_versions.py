"""A file that changes while it is read is read again, and in the end there is one sentence."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from projector.errors import FileChangedError, LoadError
from projector.loaders import versions
from projector.loaders.versions import Version, attempts, version_of

SECOND = 1_000_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "x.npy").write_text("1")
    return tmp_path / "x.npy"


def read(path: Path, changes: int, patience: float = 30.0) -> tuple[str, int]:
    """Read a file that changes during the first `changes` attempts; return how many there were."""
    count = 0
    for attempt in attempts(path, patience):
        with attempt.reading([path]):
            text = path.read_text()
            count += 1
            if count <= changes:
                path.write_text(text + "x")
        if attempt.held:
            return text, count
    raise AssertionError


def test_a_file_at_rest_is_read_once(path: Path) -> None:
    assert read(path, 0) == ("1", 1)


def test_a_file_that_changes_is_read_again(path: Path) -> None:
    assert read(path, 3) == ("1xxx", 4)


def test_a_file_that_never_rests_is_one_sentence(path: Path) -> None:
    expected = r"x\.npy: is being written: it changed each of the \d+ times that it was read"
    with pytest.raises(FileChangedError, match=expected):
        read(path, 10**9, patience=0.2)


def test_an_error_counts_only_if_nothing_changed(path: Path) -> None:
    found: list[str] = []

    def fail() -> None:
        for attempt in attempts(path):
            with attempt.reading([path]):
                found.append(path.read_text())
                if len(found) == 1:
                    path.write_text("half")
                raise LoadError(path, "truncated")

    with pytest.raises(LoadError, match="truncated"):
        fail()
    assert found == ["1", "half"]


def test_an_error_that_says_it_changed_counts_as_a_change(path: Path) -> None:
    count = 0
    for attempt in attempts(path):
        with attempt.reading([path]):
            count += 1
            if count < 3:
                raise FileChangedError(path, "changed")
        if attempt.held:
            break
    assert count == 3


@pytest.mark.parametrize("harm", ["replace", "remove", "touch"])
def test_every_change_is_a_version(path: Path, harm: str) -> None:
    before = version_of(path)
    if harm == "replace":
        path.with_name("new").write_text("2")
        os.utime(path.with_name("new"), ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
        path.with_name("new").replace(path)
    elif harm == "remove":
        path.unlink()
    else:
        os.utime(path, ns=(0, 0))
    assert version_of(path) != before


def test_a_file_that_just_changed_is_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "time_ns", lambda: path.stat().st_ctime_ns + SECOND // 1000)
    attempt = next(attempts(path, patience=0.001))
    with attempt.reading([path]):
        pass
    assert not attempt.held, "another change may not show in its times"
    assert slept == [], "no longer than there is patience"

    def later(seconds: float) -> None:
        slept.append(seconds)
        monkeypatch.setattr(time, "time_ns", lambda: path.stat().st_ctime_ns + SECOND)

    monkeypatch.setattr(time, "sleep", later)
    attempt = next(attempts(path))
    with attempt.reading([path]):
        pass
    assert attempt.held
    assert slept == [pytest.approx(versions._TICK - 0.001)]


@pytest.mark.parametrize(
    ("times", "age", "unsettled"),
    [
        ((5 * SECOND + 1, 5 * SECOND + 1), 0.0, versions._TICK),
        ((5 * SECOND + 1, 5 * SECOND + 1), 1.0, 0.0),
        ((5 * SECOND, 5 * SECOND), 1.0, versions._COARSE_TICK - 1),
        ((4 * SECOND, 5 * SECOND + 7), 1.0, 0.0),
        ((4 * SECOND, 5 * SECOND), 9.0, 0.0),
    ],
)
def test_whole_seconds_mean_a_coarse_clock(
    times: tuple[int, int], age: float, unsettled: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = Version(1, *times, 1, 1)
    monkeypatch.setattr(time, "time_ns", lambda: max(times) + int(age * SECOND))
    assert version.unsettled() == pytest.approx(unsettled)
    assert version.is_recent == (age < versions._RECENT)


def test_a_time_in_the_future_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 3 * SECOND)
    by_another_clock = Version(1, 9 * SECOND + 1, 9 * SECOND + 1, 1, 1)
    assert not by_another_clock.unsettled()
    assert by_another_clock.is_recent
    set_by_a_program = Version(1, 9 * SECOND + 1, SECOND + 1, 1, 1)
    assert set_by_a_program.age == pytest.approx(2)


def test_a_file_that_looks_cut_must_rest_longer(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    age = [0.1]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        age[0] += seconds

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "time_ns", lambda: path.stat().st_ctime_ns + int(age[0] * SECOND))
    says: dict[bool, Callable[[Path], bool]] = {False: lambda p: False, True: lambda p: True}
    for cut in (False, True):
        with next(attempts(path)).reading([path], looks_cut=says[cut]):
            assert slept == ([pytest.approx(versions._REST - 0.1)] if cut else [])
