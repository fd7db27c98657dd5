"""Paths are opened part by part, and none of the parts may be a link."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from projector.machine import no_links
from projector.machine.no_links import (
    LinkInPathError,
    entries_of,
    keeping_folders,
    open_folder,
    open_without_links,
    status_without_links,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links are POSIX here")


@pytest.fixture(params=["by parts", "by path"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open in both ways; the second one is for systems that cannot open relative to a folder."""
    if request.param == "by path":
        monkeypatch.setattr(no_links, "BY_PARTS", False)
    elif not no_links.BY_PARTS:
        pytest.skip("folders cannot be opened relative to each other here")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a log directory with a file, and a secret beside it."""
    inside = tmp_path.resolve() / "logs"
    (inside / "run").mkdir(parents=True)
    (inside / "run" / "a").write_text("inside")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a").write_text("secret")
    return inside


def read(path: Path) -> str:
    descriptor = open_without_links(str(path), os.O_RDONLY)
    try:
        return os.read(descriptor, 100).decode()
    finally:
        os.close(descriptor)


def test_a_path_without_links_is_opened(root: Path) -> None:
    assert read(root / "run" / "a") == "inside"
    assert status_without_links(str(root / "run" / "a")).st_size == 6
    with pytest.raises(FileNotFoundError):
        read(root / "run" / "b")
    with pytest.raises(FileNotFoundError):
        read(root / "gone" / "a")


def swapped(root: Path, what: str) -> None:
    """Put a link to the secret in the place of a file, of its folder, or of the log directory."""
    place = {"file": root / "run" / "a", "folder": root / "run", "root": root}[what]
    target = root.parent / "secret"
    place.rename(root.parent / "away")
    if what == "root":
        (target / "run").mkdir()
        (target / "a").rename(target / "run" / "a")
    place.symlink_to(target / "a" if what == "file" else target)


@pytest.mark.parametrize("what", ["file", "folder", "root"])
def test_no_part_of_a_path_may_be_a_link(root: Path, what: str) -> None:
    swapped(root, what)
    with pytest.raises(LinkInPathError):
        read(root / "run" / "a")
    if what != "file":
        with pytest.raises(LinkInPathError), entries_of(str(root / "run")):
            pass
        with pytest.raises(LinkInPathError), open_folder(str(root / "run")):
            pass


@pytest.mark.parametrize("what", ["file", "folder", "root"])
def test_a_kept_folder_never_leads_outside(root: Path, what: str) -> None:
    with keeping_folders():
        assert read(root / "run" / "a") == "inside"
        swapped(root, what)
        if what == "file" or not no_links.BY_PARTS:
            with pytest.raises(LinkInPathError):
                read(root / "run" / "a")
        else:
            assert read(root / "run" / "a") == "inside"  # the folder that was there


def test_a_folder_that_was_made_again_is_found(root: Path) -> None:
    with keeping_folders():
        assert read(root / "run" / "a") == "inside"
        root.rename(root.parent / "old")
        (root / "run").mkdir(parents=True)
        (root / "run" / "b").write_text("new")
        assert read(root / "run" / "b") == "new"


def test_names_are_read_and_many_folders_do_not_use_up_the_descriptors(root: Path) -> None:
    for number in range(200):
        (root / f"{number}").mkdir()
        (root / f"{number}" / "a").write_text(f"{number}")
    before = len(os.listdir("/dev/fd"))
    with keeping_folders():
        for number in range(200):
            with entries_of(str(root / f"{number}")) as entries:
                (entry,) = entries
                assert (entry.name, entry.stat().st_size) == ("a", len(f"{number}"))
        assert [read(root / f"{number}" / "a") for number in range(200)] == [
            f"{number}" for number in range(200)
        ]
        assert len(os.listdir("/dev/fd")) < before + 60
    assert len(os.listdir("/dev/fd")) == before


def test_a_file_is_written_in_the_folder_that_was_opened(root: Path) -> None:
    with open_folder(str(root / "run")) as folder:
        if no_links.BY_PARTS:
            swapped(root, "folder")
        with os.fdopen(folder.open("new", os.O_WRONLY | os.O_CREAT), "w") as file:
            file.write("text")
        folder.replace("new", "other")
        assert folder.status("other").st_size == 4
        folder.remove("a")
        folder.remove("gone")
    written = root.parent / "away" if no_links.BY_PARTS else root / "run"
    assert sorted(each.name for each in written.iterdir()) == ["other"]
    assert (root.parent / "secret" / "a").read_text() == "secret"
