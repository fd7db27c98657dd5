"""Work that was the square of a number which a file chooses: each would take hours here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from projector.loaders import open_logdir
from projector.loaders.base import File
from projector.loaders.decoders.pbtxt import Message, parse
from projector.loaders.formats.tensorflow.checkpoint import TensorFlowCheckpoint
from projector.loaders.logdir import config_file
from projector.loaders.logdir.runs import Runs
from projector.loaders.logdir.walk import Folder, walk
from projector.loaders.naming import distinct_names
from tests.loaders.writers import checkpoint, file_with

TOP = frozenset({"embeddings"})


def test_equal_names_are_numbered_once_each() -> None:
    names = distinct_names(["a"] * 300_000 + ["a (2)", "b"])
    assert len(set(names)) == 300_002
    assert names[:3] == ["a", "a (2)", "a (3)"]
    assert names[-2:] == ["a (2) (2)", "b"]


def test_the_run_of_a_deep_folder_is_found_once_for_each_folder() -> None:
    root = Path("/logs")
    paths = [root]
    for _ in range(400):
        paths.append(paths[-1] / "d")
    runs = Runs(root, [Folder(str(path), "", {}) for path in paths], [])
    assert runs.run_of(paths[-1]) == "/".join(["d"] * 400)
    runs = Runs(root, [Folder(str(paths[3]), "", {"x.tfevents.1": File(root, root, 0, 0)})], [])
    assert {runs.run_of(path) for path in paths[3:]} == {"d/d/d"}
    assert runs.run_of(paths[2]) == "d/d"


def test_a_folder_of_checkpoints_is_searched_once(tmp_path: Path) -> None:
    for number in range(12):
        checkpoint(tmp_path / f"m-{number}", {"emb": np.ones((3, 2), np.float32)})
    reads: Counter[str] = Counter()

    class Counted(dict[str, File]):
        def items(self) -> object:  # type: ignore[override]
            reads["items"] += 1
            return super().items()

        def __iter__(self) -> Iterator[str]:
            reads["names"] += 1
            return super().__iter__()

    (folder,) = walk(tmp_path.resolve())[0]
    counted = Counted(folder.files)
    for file in folder.files.values():
        object.__setattr__(file, "folder", counted)
    loader = TensorFlowCheckpoint()
    listed = [loader.list(file) for name, file in folder.files.items() if name.endswith("index")]
    assert sum(len(each.tensors) for each in listed) == 12
    assert all(len(each.parts) == 1 for each in listed)
    assert reads.total() <= 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('embeddings { tensor_name: "' + "\\n" * 200_000 + '" }', "a string of 400,002 letters"),
        ("embeddings { tensor_name: " + '"ab" ' * 100_000 + "}", "a string of"),
        ("embeddings { a: 1 }\n" * 12, "more than 10 entries; the rest is ignored"),
    ],
)
def test_a_text_is_read_up_to_its_bounds(text: str, message: str) -> None:
    whole, (mistake,) = parse(text, top=TOP, most=10)
    assert message in mistake.message
    assert len(whole.fields) in (0, 10)


def test_fields_and_mistakes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projector.loaders.decoders.pbtxt._MOST_FIELDS", 5)
    monkeypatch.setattr("projector.loaders.decoders.pbtxt._MOST_MISTAKES", 7)
    for text in ("embeddings { a: [1, 2, 3, 4, 5, 6] }", "embeddings {" + "a: 1 " * 6 + "}"):
        _, (mistake,) = parse(text, top=TOP)
        assert mistake.is_last
        assert "more than 5 fields" in mistake.message
    assert len(parse("embeddings { ! }\n" * 50, top=TOP)[1]) == 7


def test_a_deep_text_takes_no_frames() -> None:
    whole, mistakes = parse("embeddings {" * 20_000 + "}" * 20_000, top=TOP)
    assert mistakes == []
    assert isinstance(whole.fields[0][1], Message)


@pytest.mark.parametrize("name", ["projector_config.pbtxt", "projector_config.json"])
def test_entries_problems_and_names_of_a_config_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(config_file, "_MOST_ENTRIES", 300)
    long = "x" * 1001
    if name.endswith(".json"):
        names = [*(f"t{number}" for number in range(400)), long]
        entries = ",".join(f'{{"tensorName": "{each}", "x": 1}}' for each in reversed(names))
        text = f'{{"embeddings": [{entries}]}}'
    else:
        text = f'embeddings {{ tensor_name: "{long}" }}\n' + "embeddings { y: 1 }\n" * 400
    found = config_file.read_config(file_with(tmp_path / name, text))
    assert len(found.infos) == 299
    messages = " ".join(problem.message for problem in found.problems)
    assert "tensor_name has a length of 1,001, but at most 1,000 are allowed" in messages
    assert "300" in messages


def test_of_one_file_a_hundred_problems_are_listed(tmp_path: Path) -> None:
    np.save(tmp_path / "good.npy", np.ones((3, 2), np.float32))
    entry = 'embeddings {{ tensor_name: "t{0}" tensor_path: "gone{0}.tsv" }}\n'
    text = "".join(entry.format(number) for number in range(250))
    (tmp_path / "projector_config.pbtxt").write_text(text)
    log = open_logdir(tmp_path)
    assert [entry.path for entry in log.entries] == ["good.npy"]
    assert len(log.problems) == 101
    assert log.problems[-1].message == "has 150 more problems, which are not listed."


def test_folders_are_read_two_hundred_deep(tmp_path: Path) -> None:
    folder = tmp_path.resolve()
    deepest = folder / "/".join(["d"] * 203)
    deepest.mkdir(parents=True)
    (deepest / "a.npy").touch()
    folders, (problem,) = walk(folder)
    assert len(folders) == 202
    assert problem.message == "is nested 200 folders deep; what is below it is not read."


def test_the_signature_of_a_folder_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        (tmp_path / f"{number}x.npy").write_bytes(b"bad")
    signed: Counter[str] = Counter()
    original = File.signature.func  # type: ignore[attr-defined]

    def counted(file: File) -> object:
        signed[file.name] += 1
        return original(file)

    monkeypatch.setattr(File, "signature", property(counted))
    log = open_logdir(tmp_path)
    assert len(log.problems) == 1
    assert max(signed.values()) < 20  # and not once for each of the others
