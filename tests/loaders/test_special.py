"""What does not travel in an archive: pipes, devices, sparse files, loops of links."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from tests.loaders.conftest import Ask
from tests.loaders.special_files import make_special_files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices are POSIX")


@pytest.fixture
def special(tmp_path: Path) -> Path:
    return make_special_files(tmp_path / "s")


def test_nothing_hangs_crashes_or_leaves(special: Path, ask: Ask) -> None:
    result = ask(special, seconds=20)
    os.chmod(special / "no_entry", stat.S_IRWXU)  # so that the folder can be removed again
    assert "crash" not in result, result["crash"]
    assert result["grown"] < 200 << 20
    shown = {entry["path"] for entry in result["entries"]}
    assert (
        {"t.tsv"}
        <= shown
        <= {"t.tsv", "inside.tsv", "bad\\xff\\xfe.tsv", "unreadable.tsv", "no_entry/t.tsv"}
    )
    text = " ".join(f"{path} {message}" for _, path, message, _ in result["problems"])
    for named in ("leave.tsv", "loop_a", "broken.tsv", "pipe.tsv", "zero.tsv", "sparse_8TiB.bytes"):
        assert named in text, named
    assert "root:x:0" not in str(result)


def test_a_pipe_named_by_a_config_is_refused(tmp_path: Path, ask: Ask) -> None:
    os.mkfifo(tmp_path / "pipe.tsv")
    (tmp_path / "projector_config.pbtxt").write_text(
        'embeddings { tensor_name: "p" tensor_path: "pipe.tsv" metadata_path: "pipe.tsv" }'
    )
    result = ask(tmp_path, seconds=10)
    assert result["entries"] == []
    assert any("a pipe" in message for _, _, message, _ in result["problems"])


def test_a_link_to_a_folder_outside_is_reported_and_not_followed(tmp_path: Path, ask: Ask) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "logs"
    outside.mkdir()
    inside.mkdir()
    (outside / "vectors.tsv").write_text("1\t2\n3\t4\n")
    (inside / "link").symlink_to(outside)
    (inside / "file.tsv").symlink_to(outside / "vectors.tsv")
    result = ask(inside)
    assert result["entries"] == []
    messages = [message for _, _, message, _ in result["problems"]]
    assert sum("points outside the log directory" in message for message in messages) == 2
