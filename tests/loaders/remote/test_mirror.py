"""A mirror over a file system that counts: what it costs, and what happens when objects change."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import numpy as np
import pytest

import projector
from projector.errors import LoadError, NoRoomForCopyError, OutsideLogdirError
from projector.loaders.remote import block_file
from projector.loaders.remote.mirror import Mirror
from projector.loaders.remote.mirrors import local_path, mirror_of
from projector.loaders.remote.unread import UnreadNowError
from projector.loaders.safe_files import (
    open_regular,
    read_all,
    read_head,
    read_range,
    resolve_inside,
    size_of,
    whole_path,
)
from projector.machine.positioned import write_at
from tests.loaders.remote.conftest import forget_mirrors
from tests.loaders.remote.counting import CountingFileSystem, npy, numbers, put

Counted = type[CountingFileSystem]
ADDRESS = "counted://bucket/runs"


def test_listing_a_gigabyte_costs_less_than_2_percent(counted: Counted) -> None:
    big = npy(numbers(800, 640))  # 2 MB
    for at in range(500):
        put(f"runs/step{at}/layer.npy", big)
    log = projector.open_logdir(ADDRESS)
    assert len(log.entries) == 500
    total = 500 * len(big)
    assert total > 1_000_000_000
    assert counted.n_bytes < 0.02 * total
    assert counted.n_bytes == log.remote[0].n_bytes
    assert log.remote[0].n_total_bytes == total
    assert len(counted.reads()) == 500


def test_an_array_of_25_megabytes_costs_itself_and_few_requests(counted: Counted) -> None:
    values = numbers(100_000, 64)
    put("runs/big.npy", npy(values))
    log = projector.open_logdir(ADDRESS)
    listed = len(counted.calls)
    data = log.load(log.entries[0])
    assert np.array_equal(data.vectors, values)
    assert counted.n_bytes <= 26_000_000
    assert len(counted.calls) - listed <= 4
    assert len(counted.reads()) <= 2 + 1
    again = log.load(log.entries[0])
    assert again.content_hash == data.content_hash
    assert len(counted.calls) - listed <= 4


def test_one_of_two_arrays_of_an_archive_costs_itself(counted: Counted, tmp_path: Path) -> None:
    values = numbers(50_000, 64)
    np.savez(tmp_path / "two.npz", large=values, small=values[:100])
    put("runs/two.npz", (tmp_path / "two.npz").read_bytes())
    log = projector.open_logdir(ADDRESS)
    assert counted.n_bytes < 300_000
    small = log.load(log.find(name="small"))
    assert np.array_equal(small.vectors, values[:100])
    assert counted.n_bytes < 400_000


@pytest.mark.slow
def test_ten_thousand_objects_are_listed_at_once_and_read_once_each(counted: Counted) -> None:
    head = npy(numbers(3, 4))
    for at in range(10_000):
        put(f"runs/{at % 100}/{at}.npy", head)
    log = projector.open_logdir(ADDRESS)
    assert sum(entry.n_points for entry in log.entries) == 30_000
    assert counted.calls.count("find") == 1
    assert len(counted.reads()) <= 10_000
    before = len(counted.calls)
    assert not log.refresh()
    assert counted.calls[before:] == ["find"]


def test_files_that_hold_no_vectors_are_not_fetched(counted: Counted) -> None:
    put("runs/a.npy", npy(numbers(30)))
    put("runs/movie.mp4", bytes(5_000_000))
    put("runs/picture.png", bytes(5_000_000))
    projector.open_logdir(ADDRESS)
    assert counted.n_bytes < 10_000


def test_a_second_process_fetches_nothing_again(counted: Counted) -> None:
    put("runs/a.npy", npy(numbers(3000)))
    log = projector.open_logdir(ADDRESS)
    first = log.load(log.entries[0])
    before = counted.n_bytes
    forget_mirrors()
    other = projector.open_logdir(ADDRESS)
    assert other.load(other.entries[0]).content_hash == first.content_hash
    assert counted.n_bytes == before
    assert other.remote[0].n_bytes == 0


def test_two_mirrors_of_one_address_work_side_by_side(counted: Counted) -> None:
    """As in two servers: one of them has looked since, the other one has not."""
    old, newer = numbers(3000), numbers(3000, seed=2)
    put("runs/a.npy", npy(old))
    one, two = Mirror(ADDRESS), Mirror(ADDRESS)
    assert one.home != two.home
    read = one.open(str(one.home / "a.npy"))
    read.need(0, 10_000)
    put("runs/a.npy", npy(newer))
    assert two.refresh()
    fresh = two.open(str(two.home / "a.npy"))
    fresh.need(0, fresh.size)
    assert os.pread(fresh.descriptor, fresh.size, 0) == npy(newer)
    with pytest.raises(LoadError, match="changed while it was read"):
        read.need(0, read.size)
    assert os.pread(read.descriptor, 10_000, 0) == npy(old)[:10_000]
    assert one.refresh()
    late, before = one.open(str(one.home / "a.npy")), counted.n_bytes
    late.need(0, late.size)
    assert os.pread(late.descriptor, late.size, 0) == npy(newer)
    assert counted.n_bytes == before


def test_a_replaced_object_is_an_error_and_never_a_mixture(counted: Counted) -> None:
    old, new = numbers(5000, seed=1), numbers(5000, seed=2)
    put("runs/a.npy", npy(old))
    log = projector.open_logdir(ADDRESS)
    put("runs/a.npy", npy(new))
    with pytest.raises(LoadError, match="changed while it was read: its object was replaced"):
        log.load(log.entries[0])
    assert log.is_outdated
    log.refresh()
    assert [log.is_outdated] == [False]
    assert np.array_equal(log.load(log.entries[0]).vectors, new)


def test_an_object_replaced_between_two_ranges(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block_file, "_PIECE", 1 << 16)
    old, new = numbers(50_000, seed=1), numbers(50_000, seed=2)
    put("runs/a.npy", npy(old))
    log = projector.open_logdir(ADDRESS)
    done: list[str] = []

    def replace(path: str) -> None:
        done.append(path)
        if len(done) == 4:
            put("runs/a.npy", npy(new))

    counted.before_read = staticmethod(replace)
    with pytest.raises(LoadError, match="changed while it was read"):
        log.load(log.entries[0])
    log.refresh()
    assert np.array_equal(log.load(log.entries[0]).vectors, new)


def test_an_object_replaced_while_the_listing_reads_is_one_problem(counted: Counted) -> None:
    put("runs/a.npy", npy(numbers(50)))
    put("runs/b.npz", npy(numbers(60)))
    path = local_path(ADDRESS)
    put("runs/a.npy", npy(numbers(70)))
    log = projector.open_logdir(path)
    said = [problem for problem in log.problems if problem.path == "a.npy"]
    assert len(said) == 1
    assert "changed while it was read" in said[0].message
    log.refresh()
    assert [entry.n_points for entry in log.entries if entry.path == "a.npy"] == [70]
    assert not [problem for problem in log.problems if problem.path == "a.npy"]


def test_a_server_that_gives_less_than_it_was_asked_for(counted: Counted) -> None:
    values = numbers(5000)
    put("runs/a.npy", npy(values))
    log = projector.open_logdir(ADDRESS)
    counted.after_read = staticmethod(lambda data: data[:-1])
    with pytest.raises(LoadError, match=r"the server gave [\d,]+ of [\d,]+ bytes from byte"):
        log.load(log.entries[0])
    counted.after_read = staticmethod(lambda data: data)
    assert np.array_equal(log.load(log.entries[0]).vectors, values)


def test_a_server_that_gives_whole_objects_only(counted: Counted) -> None:
    values = numbers(5000)
    content = npy(values)
    put("runs/a.npy", content)
    counted.after_read = staticmethod(lambda data: content)
    log = projector.open_logdir(ADDRESS)
    assert np.array_equal(log.load(log.entries[0]).vectors, values)
    assert len(counted.reads()) == 1


def test_an_object_that_is_truncated_says_so_as_a_file_does(counted: Counted) -> None:
    put("runs/a.npy", npy(numbers(5000))[:-8])
    log = projector.open_logdir(ADDRESS)
    assert not log.entries
    assert "truncated" in log.problems[0].message


def test_a_removed_object(counted: Counted) -> None:
    put("runs/a.npy", npy(numbers(5000)))
    put("runs/sub/b.npy", npy(numbers(50)))
    log = projector.open_logdir(ADDRESS)
    del counted.store["/bucket/runs/a.npy"]
    with pytest.raises(LoadError, match="was removed from the server"):
        log.load(log.find(name="a"))
    assert log.refresh()
    assert [entry.path for entry in log.entries] == ["sub/b.npy"]
    del counted.store["/bucket/runs/sub/b.npy"]
    put("runs/c.npy", npy(numbers(5)))
    log.refresh()
    assert not (log.root / "sub").exists()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError("Access Denied"), "the server denies access (Access Denied)"),
        (ConnectionRefusedError("refused"), "the server cannot be reached (refused)"),
        (TimeoutError(), "the server cannot be reached (TimeoutError)"),
        (
            RuntimeError("https://u:secret@h/?token=abc broke"),
            "its library failed (RuntimeError: https://h/?… broke)",
        ),
    ],
)
def test_a_server_that_does_not_answer(counted: Counted, error: Exception, said: str) -> None:
    values = numbers(500)
    put("runs/a.npy", npy(values))
    put("runs/b.npy", npy(numbers(5000)))
    log = projector.open_logdir(ADDRESS)
    first = log.load(log.find(name="a"))
    counted.away = error
    assert log.refresh()
    (problem,) = log.problems
    assert said in problem.message
    assert "\n" not in problem.message
    assert "secret" not in problem.message
    assert [entry.name for entry in log.entries] == ["a", "b"]
    # What is here is still read, what is not says why it is not.
    assert log.load(log.find(name="a")).content_hash == first.content_hash
    with pytest.raises(LoadError) as caught:
        log.load(log.find(name="b"))
    assert said in str(caught.value)
    for open_it in (projector.open_logdir, Mirror):
        with pytest.raises(LoadError) as caught:
            open_it(ADDRESS)
        assert said in str(caught.value)
        assert "counted://bucket/runs" in str(caught.value)
    counted.away = None
    assert log.refresh()
    assert log.problems == ()
    assert len(log.load(log.find(name="b")).vectors) == 5000


def test_an_address_of_nothing(counted: Counted) -> None:
    with pytest.raises(LoadError, match="counted://bucket/none leads to nothing"):
        projector.open_logdir("counted://bucket/none")


@pytest.mark.parametrize("address", ["file:///tmp", "local:///tmp/x.npy"])
def test_a_path_of_this_machine_is_given_as_one(no_mirrors: Path, address: str) -> None:
    with pytest.raises(LoadError, match="is a path of this machine"):
        projector.open_logdir(address)


def test_a_listing_that_takes_long_keeps_nobody_from_reading(counted: Counted) -> None:
    values = numbers(20)
    put("runs/a.npy", npy(values))
    log = projector.open_logdir(ADDRESS)
    read = threading.Event()
    found: list[bool] = []

    def load() -> None:
        found.append(bool(np.array_equal(log.load(log.entries[0]).vectors, values)))
        read.set()

    def while_listing(what: str) -> None:
        if what == "find":
            threading.Thread(target=load).start()
            assert read.wait(60)

    counted.during = staticmethod(while_listing)
    assert not log.refresh()
    assert found == [True]


def test_an_empty_folder_has_no_embeddings(counted: Counted) -> None:
    put("runs/empty/.keep", b"")
    log = projector.open_logdir("counted://bucket/runs/empty")
    assert log.entries == ()


def test_a_full_cache_disk_says_so_and_costs_one_tensor(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("runs/a.npy", npy(numbers(5000)))
    put("runs/b.npy", npy(numbers(50)))
    log = projector.open_logdir(ADDRESS)
    write = write_at

    def full(target: int, content: memoryview, offset: int) -> None:
        if len(content) > 20_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(target, content, offset)

    with monkeypatch.context() as patch:
        patch.setattr("projector.loaders.remote.block_file.write_at", full)
        with pytest.raises(NoRoomForCopyError, match="No space left on device"):
            log.load(log.find(name="a"))
        assert len(log.load(log.find(name="b")).vectors) == 50
    assert len(log.load(log.find(name="a")).vectors) == 5000


def test_names_that_are_no_paths(counted: Counted) -> None:
    good = npy(numbers(20))
    put("runs/good.npy", good)
    bad = ("a/../../evil.npy", "a/./b.npy", "/etc/evil.npy", "x//y.npy", "n\0l.npy")
    for name in ("../evil.npy", *bad):
        put(f"runs/{name}", good)
    log = projector.open_logdir(ADDRESS)
    assert [entry.path for entry in log.entries] == ["good.npy"]
    said = "\n".join(problem.message for problem in log.problems)
    assert "more names have no place" in said
    forget_mirrors()
    for name in bad:
        del counted.store[f"/bucket/runs/{name}"]
    put(f"runs/{'l' * 300}.npy", good)
    put("runs/both", good)
    put("runs/both/inner.npy", good)
    log = projector.open_logdir(ADDRESS)
    assert sorted(entry.path for entry in log.entries) == ["both/inner.npy", "good.npy"]
    said = "\n".join(problem.message for problem in log.problems)
    assert "'both' is the name of an object and of a folder; the folder is shown" in said
    assert "would lead out of the mirror" in said
    assert "is longer than a path may be" in said
    tree = mirror_of(log.root)
    assert tree is not None
    inside = {path for path in tree.home.parents[3].rglob("*") if path.is_file()}
    assert {path.name for path in inside} == {"good.npy", "inner.npy", ".projector-owner"}
    assert not (log.root.parent / "evil.npy").exists()


@pytest.mark.parametrize("name", ["ü é.npy", "a%20b.npy", "a b+c&d=e.npy", "#1.npy", "日本.npy"])
def test_odd_names(counted: Counted, name: str) -> None:
    values = numbers(20)
    put(f"runs/{name}", npy(values))
    log = projector.open_logdir(ADDRESS)
    assert [entry.path for entry in log.entries] == [name]
    assert np.array_equal(log.load(log.entries[0]).vectors, values)


def test_a_single_object_has_its_companions(counted: Counted) -> None:
    values = numbers(4)
    rows = "\n".join("\t".join(f"{number:.9g}" for number in row) for row in values)
    put("runs/default/tensors.tsv", rows.encode())
    put("runs/default/metadata.tsv", b"one\ntwo\nthree\nfour\n")
    put("runs/default/deeper/other.npy", npy(values))
    data = projector.load("counted://bucket/runs/default/tensors.tsv")
    assert np.allclose(data.vectors, values)
    assert data.metadata.columns[0].text.to_list() == ["one", "two", "three", "four"]
    assert not any("other" in call for call in counted.calls)


def test_data_names_no_address(counted: Counted, tmp_path: Path) -> None:
    put("runs/a.npy", npy(numbers(20)))
    put("runs/projector_config.pbtxt", b'embeddings { tensor_path: "counted://bucket/b.npy" }')
    put("b.npy", npy(numbers(30)))
    log = projector.open_logdir(ADDRESS)
    assert [entry.n_points for entry in log.entries] == [20]
    assert not any("b.npy" in call for call in counted.calls)
    assert any("URLs are never fetched" in problem.message for problem in log.problems)
    with pytest.raises(OutsideLogdirError):
        resolve_inside(tmp_path, tmp_path, "counted://bucket/runs/a.npy", by=tmp_path / "x")


def test_what_stands_for_an_object_cannot_be_read_by_itself(counted: Counted) -> None:
    content = npy(numbers(20))
    put("runs/a.npy", content)
    path = local_path(ADDRESS) / "a.npy"
    status = path.stat()
    assert status.st_size == len(content)
    assert stat.S_IMODE(status.st_mode) == 0
    assert read_all(path, limit=1 << 20, what="x") == content
    assert read_head(path, 9) == content[:9]
    assert read_range(path, 7, 50) == content[7:57]
    with open_regular(path) as file:
        assert size_of(file) == len(content)
        file.seek(-5, os.SEEK_END)
        assert file.read() == content[-5:]
    with whole_path(path) as whole:
        assert Path(whole).read_bytes() == content
    assert status.st_blocks == 0 or not hasattr(status, "st_blocks")


def test_reading_piece_after_piece_gets_ahead(counted: Counted) -> None:
    content = os.urandom(3_000_000)
    put("runs/a.bin", content)
    path = local_path(ADDRESS) / "a.bin"
    with open_regular(path) as file:
        found = b"".join(iter(lambda: file.read(10_000), b""))
    assert found == content
    assert len(counted.reads()) <= 10
    assert counted.n_bytes == len(content)


def test_the_cost_is_bounded_by_the_setting(
    counted: Counted, no_mirrors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROJECTOR_REMOTE_CACHE_BYTES", "2000000")
    for at in range(8):
        put(f"runs/{at}.npy", npy(numbers(16_000, seed=at)))
    log = projector.open_logdir(ADDRESS)
    for entry in log.entries:
        log.load(entry)
    kept = sum(each.stat().st_blocks * 512 for each in no_mirrors.rglob("*.blocks"))
    assert kept <= 2_000_000
    for at, entry in enumerate(log.entries):
        assert np.array_equal(log.load(entry).vectors, numbers(16_000, seed=at))


def test_an_address_is_looked_at_again_when_it_is_named_again(counted: Counted) -> None:
    put("runs/a.npy", npy(numbers(20)))
    assert len(projector.open_logdir(ADDRESS).entries) == 1
    put("runs/b.npy", npy(numbers(20)))
    assert len(projector.open_logdir(ADDRESS).entries) == 2
    counted.away = ConnectionError("gone")
    with pytest.raises(UnreadNowError, match="cannot be reached"):
        projector.open_logdir(ADDRESS)
