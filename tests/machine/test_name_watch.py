"""Whatever happens to a name is noticed, every time, and nothing is looked at without a reason."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from projector.machine import file_systems, name_watch
from projector.machine.name_watch import NameWatch

pytestmark = pytest.mark.skipif(os.name != "posix", reason="renames what is open")


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait shorter than for people, so that the tests do not take long."""
    monkeypatch.setattr(name_watch, "_QUIET_MS", 40)
    monkeypatch.setattr(name_watch, "_CHECK_MS", 100)


class Listener:
    """Collects what is at a name, each time when the watch says that something changed."""

    def __init__(self, *names: Path, polling: bool = False) -> None:
        self.stop = threading.Event()
        self.watch = NameWatch(
            names, self.stop, polling=polling, skipped=lambda name: name.startswith(".")
        )
        self.names = names
        self.n_looks = 0
        self.seen: set[str] = set()
        self.touched: list[set[str] | None] = []
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()

    def listen(self) -> None:
        for _ in self.watch.changes():
            self.touched.append(self.watch.touched)
            found = set()
            for name in self.names:
                files = [name] if name.is_file() else name.rglob("*")
                for file in files:
                    try:
                        found.add(file.read_text())
                    except OSError:
                        continue
            self.seen = found
            self.n_looks += 1

    def sees(self, *texts: str) -> None:
        wait_until(lambda: self.seen == set(texts), f"{texts}, but saw {self.seen}")


def wait_until(met: Callable[[], bool], what: str = "") -> None:
    end = time.monotonic() + 60
    while not met():
        assert time.monotonic() < end, f"it never happened: {what}"
        time.sleep(0.02)


@contextmanager
def listening(*names: Path, polling: bool = False) -> Iterator[Listener]:
    listener = Listener(*names, polling=polling)
    try:
        wait_until(lambda: listener.n_looks > 0)
        yield listener
    finally:
        listener.stop.set()
        listener.thread.join(30)
        assert not listener.thread.is_alive()


def make(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{text}.txt").write_text(text)
    return folder


def remove_and_make_again(name: Path, text: str) -> None:
    shutil.rmtree(name)
    make(name, text)


def rename_into_place(name: Path, text: str) -> None:
    new = make(name.with_name(f"new-{text}"), text)
    shutil.rmtree(name)
    new.rename(name)


def rename_away(name: Path, text: str) -> None:
    name.rename(name.with_name(f"old-{text}"))
    make(name, text)


def rename_parent_away(name: Path, text: str) -> None:
    name.parent.rename(name.parent.with_name(f"old-{text}"))
    make(name, text)


def remove_grandparent(name: Path, text: str) -> None:
    shutil.rmtree(name.parent.parent)
    make(name, text)


def move_over_an_empty_one(name: Path, text: str) -> None:
    new = make(name.with_name(f"new-{text}"), text)
    shutil.rmtree(name)
    name.mkdir()
    new.rename(name)


ways = pytest.mark.parametrize(
    "replace",
    [
        remove_and_make_again,
        rename_into_place,
        rename_away,
        rename_parent_away,
        remove_grandparent,
        move_over_an_empty_one,
    ],
    ids=lambda way: way.__name__,
)


@ways
def test_a_folder_is_seen_again_however_often_it_is_replaced(
    tmp_path: Path, replace: Callable[[Path, str], None]
) -> None:
    name = make(tmp_path / "a" / "b" / "logs", "first")
    with listening(name) as listener:
        listener.sees("first")
        for turn in range(3):
            replace(name, f"turn {turn}")
            listener.sees(f"turn {turn}")
            # What is written later in the new one is seen, too.
            make(name / "below", f"later {turn}")
            listener.sees(f"turn {turn}", f"later {turn}")
            make(name / "below", f"at last {turn}")
            listener.sees(f"turn {turn}", f"later {turn}", f"at last {turn}")


def test_a_folder_below_is_seen_again(tmp_path: Path) -> None:
    make(tmp_path / "logs", "top")
    name = make(tmp_path / "logs" / "run", "first")
    with listening(tmp_path / "logs") as listener:
        listener.sees("top", "first")
        for turn in range(3):
            remove_and_make_again(name, f"turn {turn}")
            listener.sees("top", f"turn {turn}")
            new = make(tmp_path / "elsewhere", f"moved {turn}")
            shutil.rmtree(name)
            new.rename(name)
            listener.sees("top", f"moved {turn}")
            make(name, f"later {turn}")
            listener.sees("top", f"moved {turn}", f"later {turn}")


def test_a_link_that_is_pointed_elsewhere(tmp_path: Path) -> None:
    link = tmp_path / "latest"
    link.symlink_to(make(tmp_path / "0", "zero"))
    with listening(link) as listener:
        listener.sees("zero")
        for turn in "123":
            part = tmp_path / "part"
            part.symlink_to(make(tmp_path / turn, turn))
            part.replace(link)
            listener.sees(turn)
            make(tmp_path / turn, f"later {turn}")
            listener.sees(turn, f"later {turn}")


def test_a_link_above_that_is_pointed_elsewhere(tmp_path: Path) -> None:
    make(tmp_path / "0" / "logs", "zero")
    make(tmp_path / "1" / "logs", "one")
    (tmp_path / "latest").symlink_to("0")
    with listening(tmp_path / "latest" / "logs") as listener:
        listener.sees("zero")
        (tmp_path / "part").symlink_to("1")
        (tmp_path / "part").replace(tmp_path / "latest")
        listener.sees("one")


def test_a_file_is_seen_again_however_it_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "vectors"
    file.parent.mkdir()
    file.write_text("first")
    with listening(file) as listener:
        listener.sees("first")
        for turn in range(3):
            (file.parent / "part").write_text(f"renamed {turn}")
            (file.parent / "part").replace(file)
            listener.sees(f"renamed {turn}")
            file.unlink()
            listener.sees()
            file.write_text(f"again {turn}")
            listener.sees(f"again {turn}")
            file.write_text(f"in place {turn}")
            listener.sees(f"in place {turn}")
            shutil.rmtree(file.parent)
            listener.sees()
            file.parent.mkdir()
            file.write_text(f"with its folder {turn}")
            listener.sees(f"with its folder {turn}")


def test_several_files_of_several_folders(tmp_path: Path) -> None:
    files = [make(tmp_path / name, name) / f"{name}.txt" for name in "ab"]
    with listening(*files) as listener:
        listener.sees("a", "b")
        for file in files:
            (tmp_path / "part").write_text(f"new {file.stem}")
            (tmp_path / "part").replace(file)
        listener.sees("new a", "new b")


def test_what_is_missing_is_waited_for(tmp_path: Path) -> None:
    with listening(tmp_path / "a" / "logs") as listener:
        listener.sees()
        make(tmp_path / "a" / "logs", "there")
        listener.sees("there")


@pytest.mark.skipif(not name_watch._EACH_FOLDER, reason="folders are watched with all below")
def test_what_changed_is_told_and_the_tree_is_not_listed_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(tmp_path / "logs", "top")
    for number in range(5):
        make(root / f"run{number}", f"{number}")
    with listening(root) as listener:
        assert listener.touched[0] is None
        listed: list[NameWatch] = []
        with monkeypatch.context() as patched:
            patched.setattr(NameWatch, "_folders", listed.append)
            file = str(make(root / "run3", "other") / "other.txt")
            wait_until(lambda: any(each and file in each for each in listener.touched))
            assert listed == []
        make(root / "new", "in a new folder")
        listener.sees("top", *"01234", "other", "in a new folder")
        # Where there is a new folder, everything is looked at. The look at the other file may have
        # seen the new one already, so the report of it can come later than its text.
        wait_until(lambda: None in listener.touched[1:], f"{listener.touched}")


def test_nothing_is_lost_while_folders_come_and_go(tmp_path: Path) -> None:
    root = make(tmp_path / "logs", "top")
    with listening(root) as listener:
        for turn in range(60):
            make(root / f"run {turn % 7}" / f"deep {turn}", f"text {turn}")
            if turn % 5 == 4:
                shutil.rmtree(root / f"run {(turn - 2) % 7}")
        left = {path.read_text() for path in root.rglob("*.txt")}
        listener.sees(*left)


def test_names_that_are_not_unicode_hide_nothing(tmp_path: Path) -> None:
    root = make(tmp_path / "logs", "top")
    odd = Path(os.fsdecode(os.fsencode(root) + b"/\xff"))
    with listening(root) as listener:
        make(odd, "odd")
        listener.sees("top", "odd")
        make(root, "later")
        listener.sees("top", "odd", "later")
        assert "not Unicode" in listener.watch.notice
        shutil.rmtree(odd)
        listener.sees("top", "later")
        assert listener.watch.notice == ""


def test_links_and_hidden_folders_below_are_not_followed(tmp_path: Path) -> None:
    root = make(tmp_path / "logs", "top")
    make(root / ".git", "hidden")
    (root / "link").symlink_to(make(tmp_path / "elsewhere", "x"))
    watched = NameWatch([root], threading.Event(), skipped=lambda name: name.startswith("."))
    assert list(watched._folders()) == [str(root)]


def test_polling_sees_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_watch, "_INTERVALS", (1,))
    name = make(tmp_path / "logs", "first")
    with listening(name, polling=True) as listener:
        listener.sees("first")
        remove_and_make_again(name, "second")
        listener.sees("second")
        make(name / "below", "third")
        listener.sees("second", "third")
        assert "found by polling every 1 seconds: this was asked for." in listener.watch.notice


def test_the_environment_asks_for_polling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "true")
    with listening(make(tmp_path / "logs", "x")) as listener:
        assert "polling" in listener.watch.notice


@pytest.mark.parametrize(
    ("refusal", "hint"),
    [
        (OSError("OS file watch limit reached. about"), "fs.inotify.max_user_watches"),
        (OSError(28, "No space left on device"), "fs.inotify.max_user_watches"),
        (OSError(24, "Too many open files"), "fs.inotify.max_user_instances"),
        (OSError(38, "Function not implemented"), "no notifications"),
    ],
)
def test_limits_of_the_system_are_told_and_polling_takes_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: OSError, hint: str
) -> None:
    monkeypatch.setattr(name_watch, "_INTERVALS", (1,))

    def refuse(*given: object) -> None:
        raise refusal

    name = make(tmp_path / "logs", "first")
    with monkeypatch.context() as limited:
        limited.setattr("watchfiles._rust_notify.RustNotify", refuse)
        with listening(name) as listener:
            make(name, "second")
            listener.sees("first", "second")
            assert hint in listener.watch.notice
            limited.undo()
            # The next change of a folder tries again, and notifications are there.
            make(name / "new folder", "third")
            listener.sees("first", "second", "third")
            wait_until(lambda: listener.watch.notice == "")


def test_network_folders_are_polled_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_watch, "_MOUNTS_SECONDS", 0.0)
    places = [("/", "ext4"), (str(tmp_path), "nfs4")]
    monkeypatch.setattr(file_systems, "mounted", lambda: places)
    with listening(make(tmp_path / "logs", "x")) as listener:
        assert "every 5 seconds: nfs4 gives no notifications" in listener.watch.notice
        places.append((str(tmp_path), "tmpfs"))  # mounted over it
        wait_until(lambda: listener.watch.notice == "")
        places.append((str(tmp_path / "logs" / "below"), "fuse.sshfs"))
        wait_until(lambda: "fuse.sshfs" in listener.watch.notice)


def test_a_file_system_that_is_mounted_over_it(tmp_path: Path) -> None:
    name = make(tmp_path / "logs", "below")
    with listening(name) as listener:
        listener.sees("below")
        command = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(name)]
        if subprocess.run(command, check=False, capture_output=True).returncode != 0:
            pytest.skip("mounting is not permitted here")
        try:
            make(name, "above")
            listener.sees("above")
            make(name / "folder", "later")
            listener.sees("above", "later")
        finally:
            subprocess.run(["umount", "-l", str(name)], check=True)
        listener.sees("below")
        make(name, "again")
        listener.sees("below", "again")


def test_a_slow_look_makes_the_intervals_longer(tmp_path: Path) -> None:
    watched = NameWatch([tmp_path], threading.Event(), polling=True)
    changes = watched.changes()
    next(changes)
    assert watched._interval == 5
    time.sleep(0.3)
    threading.Timer(0.1, watched._stop.set).start()
    assert list(changes) == []
    assert watched._interval == 15
