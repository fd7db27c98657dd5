"""Remote log directories on an S3 server, by the package that people use for it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import projector
from projector.cli import main
from projector.errors import ConflictError, LoadError
from tests.conftest import write_log
from tests.loaders.remote.conftest import forget_mirrors
from tests.loaders.remote.counting import npy, numbers
from tests.loaders.remote.s3_server import S3Server, s3_server

S3 = tuple[S3Server, Any]
ADDRESS = "s3://bucket/runs"


@pytest.fixture
def s3(no_mirrors: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    with s3_server(monkeypatch) as found:
        yield found


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def upload(fs: Any, folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            fs.pipe_file(f"bucket/runs/{path.relative_to(folder).as_posix()}", path.read_bytes())


def told(output: str) -> Any:
    found = json.loads(output)
    entries = [{**entry, "revision": ""} for entry in found["entries"]]
    return entries, [problem["path"] for problem in found["problems"]]


@pytest.fixture
def local(tmp_path: Path, blobs: np.ndarray[Any, Any]) -> Path:
    write_log(tmp_path / "runs" / "a", blobs)
    write_log(tmp_path / "runs" / "a", blobs * 2, step=10)
    (tmp_path / "runs" / "b").mkdir()
    np.save(tmp_path / "runs" / "b" / "layer.npy", blobs)
    (tmp_path / "runs" / "b" / "bad.npy").write_bytes(npy(blobs)[:-3])
    return tmp_path / "runs"


def test_the_command_lists_it_as_the_same_files_here(s3: S3, local: Path) -> None:
    upload(s3[1], local)
    here, there = run("list", local, "--json"), run("list", ADDRESS, "--json")
    assert there.exit_code == 0, there.output
    assert told(there.stdout) == told(here.stdout)
    assert json.loads(there.stdout)["root"] == ADDRESS
    assert len(told(there.stdout)[0]) == 3


def test_commands_take_an_address(s3: S3, local: Path, tmp_path: Path) -> None:
    upload(s3[1], local)
    out = tmp_path / "out.npy"
    layer = f"{ADDRESS}/b/layer.npy"
    found = run("reduce", layer, "--method", "pca", "--out", out)
    assert found.exit_code == 0, found.output
    run("reduce", local / "b" / "layer.npy", "--method", "pca", "--out", tmp_path / "here.npy")
    assert np.array_equal(np.load(out), np.load(tmp_path / "here.npy"))
    for words in (
        ("neighbors", layer, "--out", tmp_path / "n.npz"),
        ("compare", layer, local / "b" / "layer.npy"),
        ("health", ADDRESS, "--run", "a"),
        ("clusters", layer, "--out", tmp_path / "c.csv"),
    ):
        found = run(*words)
        assert found.exit_code == 0, (words, found.output)


def test_a_pattern_of_parts(s3: S3, tmp_path: Path) -> None:
    values = numbers(300)
    for at in range(3):
        s3[1].pipe_file(f"bucket/runs/part-{at}.npy", npy(values[at * 100 : (at + 1) * 100]))
    data = projector.load(f"{ADDRESS}/part-*.npy")
    assert np.array_equal(data.vectors, values)
    parts = projector.open_parts(f"{ADDRESS}/part-*.npy")
    assert parts.n_points == 300


def test_a_25_megabyte_array_costs_itself_in_few_requests(s3: S3) -> None:
    server, fs = s3
    values = numbers(100_000, 64)
    fs.pipe_file("bucket/runs/big.npy", npy(values))
    server.forget()
    log = projector.open_logdir(ADDRESS)
    assert len(server.requests) == log.remote[0].n_requests
    assert log.remote[0].n_bytes < 0.02 * values.nbytes
    server.forget()
    assert np.array_equal(log.load(log.entries[0]).vectors, values)
    assert len(server.requests) <= 4
    assert log.remote[0].n_bytes <= 26_000_000


@pytest.mark.slow
def test_ten_thousand_objects_are_ten_pages(s3: S3) -> None:
    from moto.s3.models import s3_backends

    server = s3[0]
    backend = next(iter(s3_backends.values()))["aws"]
    for at in range(10_000):
        backend.put_object("bucket", f"runs/{at % 10}/{at}.txt", b"")
    server.forget()
    log = projector.open_logdir(ADDRESS)
    pages = [each for each in server.requests if each[0] == "GET"]
    assert len(pages) <= 12
    assert log.remote[0].n_requests <= 12


def test_a_replaced_object_is_an_error_and_never_a_mixture(s3: S3) -> None:
    fs = s3[1]
    old, new = numbers(50_000, seed=1), numbers(50_000, seed=2)
    fs.pipe_file("bucket/runs/a.npy", npy(old))
    log = projector.open_logdir(ADDRESS)
    fs.pipe_file("bucket/runs/a.npy", npy(new))
    with pytest.raises(LoadError, match="changed while it was read: its object was replaced"):
        log.load(log.entries[0])
    log.refresh()
    assert np.array_equal(log.load(log.entries[0]).vectors, new)


def test_a_new_object_appears_and_a_removed_one_goes(s3: S3) -> None:
    fs = s3[1]
    fs.pipe_file("bucket/runs/a.npy", npy(numbers(20)))
    log = projector.open_logdir(ADDRESS)
    fs.pipe_file("bucket/runs/b.npy", npy(numbers(30)))
    assert log.refresh()
    assert [entry.name for entry in log.entries] == ["a", "b"]
    fs.rm_file("bucket/runs/a.npy")
    assert log.refresh()
    assert [entry.name for entry in log.entries] == ["b"]
    assert not log.refresh()


def test_a_server_that_ends(s3: S3) -> None:
    server, fs = s3
    values = numbers(20)
    fs.pipe_file("bucket/runs/a.npy", npy(values))
    fs.pipe_file("bucket/runs/b.npy", npy(numbers(5000)))
    log = projector.open_logdir(ADDRESS)
    server.close()
    with pytest.raises(LoadError, match="was not read: the server cannot be reached"):
        log.load(log.find(name="b"))
    assert np.array_equal(log.load(log.find(name="a")).vectors, values)
    assert log.refresh()
    assert "cannot be reached" in log.problems[-1].message
    forget_mirrors()
    found = run("list", ADDRESS)
    assert found.exit_code == 1
    assert found.stderr.count("\n") == 1
    assert "Traceback" not in found.stderr
    assert f"{ADDRESS} cannot be listed: the server cannot be reached" in found.stderr


def test_a_server_that_denies(s3: S3) -> None:
    server, fs = s3
    fs.pipe_file("bucket/runs/a.npy", npy(numbers(5000)))
    log = projector.open_logdir(ADDRESS)
    server.denies = True
    with pytest.raises(LoadError, match="was not read: the server denies access"):
        log.load(log.entries[0])
    forget_mirrors()
    found = run("list", ADDRESS)
    assert found.exit_code == 1
    assert found.stderr.count("\n") == 1
    assert "the server denies access" in found.stderr


def test_what_is_not_there(s3: S3) -> None:
    for address in ("s3://nobody-has-this-bucket/x", "s3://bucket/none", "s3://bucket/a.npy"):
        found = run("list", address)
        assert (found.exit_code, found.stderr.count("\n")) == (1, 1)
        assert f"{address} leads to nothing" in found.stderr
    found = run("list", "s3://bucket")
    assert (found.exit_code, found.stdout.count("\n")) == (0, 1)


@pytest.mark.parametrize("name", ["ü é.npy", "a b+c&d=e.npy", "日本.npy", "a'(1).npy"])
def test_odd_names(s3: S3, name: str) -> None:
    values = numbers(20)
    s3[1].pipe_file(f"bucket/runs/{name}", npy(values))
    log = projector.open_logdir(ADDRESS)
    assert [entry.path for entry in log.entries] == [name]
    assert np.array_equal(log.load(log.entries[0]).vectors, values)


def test_tags_are_written_back(s3: S3, local: Path) -> None:
    fs = s3[1]
    upload(fs, local)
    log = projector.open_logdir(ADDRESS)
    entry = log.find(name="layer")
    log.tag(entry, [1, 2], "note", "good")
    (key,) = fs.find("bucket/runs/b/", prefix="layer.proj") or ["none"]
    assert b"1\tgood\n2\tgood\n" in fs.cat_file(key)
    forget_mirrors()
    other = projector.open_logdir(ADDRESS)
    entry = other.find(name="layer")
    assert other.load(entry).metadata["note"].text.to_list()[:3] == [None, "good", "good"]
    fs.pipe_file(key, fs.cat_file(key).replace(b"good", b"bad!"))
    with pytest.raises(ConflictError, match="was changed by another program"):
        other.tag(entry, [3], "note", "new")
    other.refresh()
    other.tag(other.find(name="layer"), [3], "note", "new")
    assert b"1\tbad!\n2\tbad!\n3\tnew\n" in fs.cat_file(key)


def test_tags_where_nothing_may_be_written(s3: S3, local: Path) -> None:
    server, fs = s3
    upload(fs, local)
    log = projector.open_logdir(ADDRESS)
    entry = log.find(name="layer")
    server.denies = True
    with pytest.raises(projector.SaveError, match="Keep the tags for this session only"):
        log.tag(entry, [1], "note", "good")
    tags = log.tags(entry).with_values([1], "note", "good")
    log.save_tags(entry, tags, to_file=False)
    server.denies = False
    assert log.load(log.find(name="layer")).metadata["note"].text.to_list()[1] == "good"
    assert not any("tags" in key for key in fs.find("bucket/runs"))


def test_a_server_of_ours_polls_it_and_says_what_it_costs(s3: S3, local: Path) -> None:
    fs = s3[1]
    upload(fs, local)
    with projector.serve([f"mine={ADDRESS}", local], port=0, poll_seconds=1) as server:
        session = server.session
        assert {entry.run for entry in session.listing.entries} == {
            "mine/a",
            "mine/b",
            "runs/a",
            "runs/b",
        }
        mailbox, end = session.events.subscribe(), time.monotonic() + 60
        fs.pipe_file("bucket/runs/c/new.npy", npy(numbers(20)))
        while "mine/c" not in {entry.run for entry in session.listing.entries}:
            assert time.monotonic() < end, "the new object was not found"
            mailbox.wait(1)
        (use,) = session.catalog.remote
        assert use.address == ADDRESS
        assert use.n_requests > 5
