"""Nothing outside the log directory is read while files and folders are swapped for links."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from projector.errors import LoadError, SaveError
from projector.loaders.companions.media import read_media
from projector.loaders.file_bytes import private_bytes
from projector.loaders.logdir.walk import walk
from projector.loaders.safe_files import read_all, read_head, read_range
from projector.loaders.tags.writing import save_tags_file
from projector.model.tags import Tags
from tests.loaders.swapper import swapping

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="links are POSIX here"),
]
PNG = b"\x89PNG\r\n\x1a\n"
#: How often each is read while another process swaps as fast as it can.
READS = 1500


@pytest.fixture(params=["file", "folder", "root"])
def swapped(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path, Path]:
    """Return a log directory, what in it will be swapped, and for what."""
    for name, text in (("logs", b"inside"), ("secret", b"secret")):
        folder = tmp_path.resolve() / name / "run"
        folder.mkdir(parents=True)
        (folder / "a.png").write_bytes(PNG + text)
    logs, secret = tmp_path.resolve() / "logs", tmp_path.resolve() / "secret"
    places = {
        "file": (logs / "run" / "a.png", secret / "run" / "a.png"),
        "folder": (logs / "run", secret / "run"),
        "root": (logs, secret),
    }
    return (logs, *places[request.param])


def often(n: int, met: Callable[[], bool]) -> Iterator[int]:
    """Count to n, and on until a condition is met, for a minute at most.

    On a busy machine the swaps may meet every one of n tries.
    """
    end = time.monotonic() + 60
    for number in itertools.count():
        if number >= n and (met() or time.monotonic() > end):
            return
        yield number


def outcomes(read: Callable[[], bytes]) -> list[bytes | None]:
    """Read many times; None stands for a refusal."""
    found: list[bytes | None] = []
    for _ in often(READS, lambda: any(each is not None for each in found)):
        try:
            found.append(read())
        except LoadError:
            found.append(None)
    return found


READERS: dict[str, Callable[[Path], bytes]] = {
    "all": lambda path: read_all(path, limit=100, what="an image"),
    "head": lambda path: read_head(path, 100),
    "range": lambda path: read_range(path, 0, 14),
    "copy": lambda path: private_bytes(path).tobytes(),
}


@pytest.mark.parametrize("way", READERS)
def test_a_file_that_is_swapped_is_read_from_inside_or_not_at_all(
    swapped: tuple[Path, Path, Path], way: str
) -> None:
    logs, place, target = swapped
    with swapping(place, target):
        found = outcomes(lambda: READERS[way](logs / "run" / "a.png"))
    assert set(found) <= {PNG + b"inside", None}
    assert PNG + b"inside" in found


def test_media_that_are_swapped_are_served_from_inside_or_not_at_all(
    swapped: tuple[Path, Path, Path],
) -> None:
    logs, place, target = swapped
    with swapping(place, target):
        found = outcomes(lambda: read_media(logs, logs / "run" / "t.tsv", "a.png")[0])
    assert set(found) <= {PNG + b"inside", None}
    assert PNG + b"inside" in found


def test_a_walk_never_leads_outside(swapped: tuple[Path, Path, Path]) -> None:
    logs, place, target = swapped
    (target if target.is_dir() else target.parent).joinpath("only-there.npy").touch()
    (target / "run").mkdir(exist_ok=True) if target.is_dir() else None
    found: set[str] = set()
    with swapping(place, target):
        for _ in often(READS // 5, lambda: "a.png" in found):
            found.update(name for folder in walk(logs)[0] for name in folder.files)
            assert "only-there.npy" not in found
    assert "a.png" in found


def test_tags_are_never_written_outside(swapped: tuple[Path, Path, Path]) -> None:
    logs, place, target = swapped
    if not target.is_dir():
        pytest.skip("a folder is swapped")
    tags = Tags("t", 3).with_values([0], "kind", "x")
    outside = target.parent / "secret"
    before = sorted(outside.rglob("*"))
    saved: list[int] = []
    with swapping(place, target):
        for number in often(READS // 5, lambda: bool(saved)):
            try:
                save_tags_file(logs, logs / "run" / f"{number}.projector-tags.tsv", tags, "")
                saved.append(number)
            except SaveError:
                continue
    assert sorted(outside.rglob("*")) == before
    assert saved
