from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from projector.machine.atomic_write import atomic_write


def test_the_old_content_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    with atomic_write(path) as file:
        file.write(b"one")
    with atomic_write(path) as file:
        file.write(b"two")
        file.flush()
        assert path.read_bytes() == b"one"
    assert path.read_bytes() == b"two"
    assert [each.name for each in path.parent.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_changes_nothing_and_leaves_nothing(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def fail() -> None:
        with atomic_write(path) as file:
            file.write(b"half of the new cont")
            raise error

    with pytest.raises(error):
        fail()
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_the_unfinished_file_is_in_the_scratch_folder(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with atomic_write(tmp_path / "out" / "a.txt", scratch=scratch, sync=False) as file:
        file.write(b"x")
        assert len(list(scratch.iterdir())) == 1
        assert list((tmp_path / "out").iterdir()) == []
    assert list(scratch.iterdir()) == []
    assert (tmp_path / "out" / "a.txt").read_bytes() == b"x"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
@pytest.mark.parametrize(("private", "expected"), [(False, 0o640), (True, 0o600)])
def test_a_result_is_as_readable_as_any_other_file(
    tmp_path: Path, private: bool, expected: int
) -> None:
    before = os.umask(0o026)
    try:
        with atomic_write(tmp_path / "a", private=private) as file:
            file.write(b"x")
    finally:
        assert os.umask(before) == 0o026, "the umask is as it was"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == expected
