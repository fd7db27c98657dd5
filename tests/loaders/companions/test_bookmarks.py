"""Bookmarks that a projector config names: offered if they can be read, else a problem."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.errors import UnknownNameError
from projector.loaders import open_logdir
from projector.loaders.companions import bookmarks
from projector.loaders.logdir.log import Log

STATES = [{"label": "first", "selectedProjection": "pca", "pcaComponentDimensions": [0, 1]}]


def log_with(folder: Path, content: bytes | None, named: str = "kept.txt") -> Log:
    """Write a log whose config names a file of bookmarks."""
    folder.mkdir(exist_ok=True)
    np.savetxt(folder / "vectors.tsv", np.eye(4), delimiter="\t")
    if content is not None:
        (folder / named).write_bytes(content)
    (folder / "projector_config.pbtxt").write_text(
        'embeddings {\n  tensor_name: "emb"\n  tensor_path: "vectors.tsv"\n'
        f'  bookmarks_path: "{named}"\n}}\n'
    )
    return open_logdir(folder)


def test_bookmarks_are_offered_as_they_are(tmp_path: Path) -> None:
    raw = json.dumps(STATES).encode()
    for content in (raw, b"\xef\xbb\xbf" + raw):
        log = log_with(tmp_path, content)
        assert [(e.name, e.has_bookmarks) for e in log.entries] == [("emb", True)]
        assert log.bookmarks(log.entries[0]) == raw
        assert log.problems == ()


def test_bookmarks_of_our_own_are_offered_too(tmp_path: Path) -> None:
    ours = {"format": "projector bookmarks", "version": 1, "bookmarks": []}
    log = log_with(tmp_path, json.dumps(ours).encode(), "kept.json")
    assert log.entries[0].has_bookmarks


def test_what_is_rewritten_is_another_revision(tmp_path: Path) -> None:
    log = log_with(tmp_path, json.dumps(STATES).encode())
    before = log.entries[0].revision
    (tmp_path / "kept.txt").write_text(json.dumps(STATES * 2))
    assert log.refresh()
    assert log.entries[0].revision != before
    (tmp_path / "kept.txt").write_text("no more")
    assert log.refresh()
    assert not log.entries[0].has_bookmarks
    with pytest.raises(UnknownNameError):
        log.bookmarks(log.entries[0])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is not JSON"),
        (b"[{", "is not JSON"),
        (b"[NaN]", "NaN is not a JSON number"),
        (b"\xff\xfe[\x00]\x00", "is not UTF-8"),
        (b"[" * 100_000, "nested more than 100 deep"),
        (b"[1, 2]", "contains no bookmarks"),
        (b'{"bookmarks": []}', "contains no bookmarks"),
        (b'"text"', "contains no bookmarks"),
        (b"[" + b"9" * 5000 + b"]", "contains no bookmarks"),
    ],
)
def test_other_content_is_a_problem(tmp_path: Path, content: bytes, expected: str) -> None:
    log = log_with(tmp_path, content)
    assert not log.entries[0].has_bookmarks
    assert [(p.path, expected in p.message) for p in log.problems] == [("kept.txt", True)]
    assert log.load(log.entries[0]).n_points == 4, "the embedding is there all the same"


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bookmarks, "MAX_BYTES", 100)
    log = log_with(tmp_path, json.dumps(STATES * 9).encode())
    assert not log.entries[0].has_bookmarks
    assert "at most 100" in log.problems[0].message


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("nowhere.txt", "does not exist"),
        ("../outside.txt", "points outside the log directory"),
        ("/etc/hostname", "points outside the log directory"),
        ("https://example.org/kept.txt", "is a URL"),
        ("pipe", "is a pipe"),
        ("link.txt", "points outside the log directory"),
    ],
)
def test_no_other_file_of_the_machine_is_read(tmp_path: Path, named: str, expected: str) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    secret = tmp_path / "outside.txt"
    secret.write_text(json.dumps(STATES))
    os.mkfifo(folder / "pipe")
    (folder / "link.txt").symlink_to(secret)
    log = log_with(folder, None, named)
    assert not log.entries[0].has_bookmarks
    messages: list[Any] = [problem.message for problem in log.problems]
    assert any(expected in message for message in messages), messages


def test_entries_of_a_checkpoint_have_theirs_too(tmp_path: Path) -> None:
    from tests.loaders.writers import checkpoint

    checkpoint(tmp_path / "model.ckpt-7", {"emb": np.ones((4, 3), np.float32)})
    (tmp_path / "kept.txt").write_text(json.dumps(STATES))
    (tmp_path / "projector_config.pbtxt").write_text(
        'embeddings { tensor_name: "emb" bookmarks_path: "kept.txt" }\n'
    )
    log = open_logdir(tmp_path)
    assert [entry.has_bookmarks for entry in log.entries] == [True]
