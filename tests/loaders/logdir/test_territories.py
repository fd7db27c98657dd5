"""Territories: what is searched by itself, and that this changes nothing of what is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from projector.loaders import open_logdir
from projector.loaders.logdir import territories
from projector.loaders.logdir.log import Log
from projector.loaders.logdir.search import Searched, search
from projector.loaders.logdir.walk import Folder
from tests.loaders.writers import write

X = np.arange(32, dtype=np.float32).reshape(8, 4)
TABLE = b"label\tn\n" + b"".join(b"a%d\t%d\n" % (i, i) for i in range(8))


def save(path: Path, array: object = X) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.asarray(array))


def plain_runs(root: Path) -> None:
    for run in ("mlp", "cnn", "rnn"):
        for step in (1, 2, 10):
            save(root / run / f"emb_step{step}.npy")
        write(root / run / "labels.tsv", TABLE)


def series_over_folders(root: Path) -> None:
    for epoch in (1, 2, 3):
        save(root / f"epoch_{epoch}" / "emb.npy")
    save(root / "other" / "emb.npy")


def steps_right_below(root: Path) -> None:
    for step in ("00000", "00010"):
        write(root / step / "h" / "tensors.tsv", b"0.5\t0.25\n" * 8)
    save(root / "run" / "emb.npy")


def labels_above(root: Path) -> None:
    write(root / "labels.tsv", TABLE)
    for run in ("a", "b"):
        save(root / run / "embeddings.npy")


def labels_beside(root: Path) -> None:
    write(root / "labels" / "labels.csv", TABLE.replace(b"\t", b","))
    save(root / "vectors" / "embeddings.npy")
    save(root / "zzz" / "deeper" / "embeddings.npy")


def parts_with_tables_beside(root: Path) -> None:
    for part, n_rows in enumerate((5, 3)):
        save(root / "img_emb" / f"img_emb_{part}.npy", X[:n_rows])
        rows = b"".join(b"%d%d\tx\n" % (part, i) for i in range(n_rows))
        write(root / "metadata" / f"metadata_{part}.tsv", b"id\tcaption\n" + rows)
    save(root / "run" / "emb.npy")


def one_vector_a_file(root: Path) -> None:
    for folder in ("cats", "dogs"):
        for name in ("a", "b", "c"):
            save(root / folder / f"{name}.npy", np.linspace(0, 1, 16, dtype=np.float32))


def config_that_names_files_elsewhere(root: Path) -> None:
    save(root / "data" / "emb.npy")
    write(root / "shared" / "names.tsv", TABLE)
    text = b'embeddings { tensor_path: "../data/emb.npy" metadata_path: "../shared/names.tsv" }'
    write(root / "run" / "projector_config.pbtxt", text)


def config_at_the_top(root: Path) -> None:
    plain_runs(root)
    text = b'embeddings { tensor_name: "emb" tensor_path: "mlp/emb_step1.npy" }'
    write(root / "projector_config.pbtxt", text)


def config_in_each_run(root: Path) -> None:
    for run in ("a", "b"):
        save(root / run / "emb.npy")
        write(root / run / "names.tsv", TABLE)
        text = b'embeddings { tensor_path: "emb.npy" metadata_path: "names.tsv" }'
        write(root / run / "projector_config.pbtxt", text)


def metrics_in_folders(root: Path) -> None:
    for name in ("acc=0.91", "acc=0.95"):
        save(root / name / "emb_step1.npy")


def bad_files(root: Path) -> None:
    plain_runs(root)
    write(root / "mlp" / "bad.npy", b"\x93NUMPY\x01\x00 no header")
    write(root / "rnn" / "bad.npy", b"\x93NUMPY\x01\x00 no header")


def nothing(root: Path) -> None:
    write(root / "notes" / "readme.md", b"# nothing")


LAYOUTS = (
    plain_runs,
    series_over_folders,
    steps_right_below,
    labels_above,
    labels_beside,
    parts_with_tables_beside,
    one_vector_a_file,
    config_that_names_files_elsewhere,
    config_at_the_top,
    config_in_each_run,
    metrics_in_folders,
    bad_files,
    nothing,
)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every change of a folder show, as those of last week do."""
    monkeypatch.setattr("projector.loaders.logdir.walk._SETTLED", -1)


def shown(log: Log) -> object:
    return log.entries, sorted((p.run, p.path, p.message, p.severity) for p in log.problems)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("together", [1, 200])
def test_a_divided_search_finds_what_one_search_of_all_finds(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    layout: Callable[[Path], None],
    together: int,
) -> None:
    monkeypatch.setattr(territories, "_TOGETHER", together)
    layout(tmp_path)
    divided = shown(open_logdir(tmp_path))
    monkeypatch.setattr(territories, "is_of_itself", lambda name: False)
    assert divided == shown(open_logdir(tmp_path))


@pytest.mark.parametrize("before", LAYOUTS)
@pytest.mark.parametrize("after", [plain_runs, labels_above, labels_beside, config_at_the_top])
@pytest.mark.usefixtures("settled")
def test_what_comes_later_changes_what_was_found_before(
    tmp_path: Path, before: Callable[[Path], None], after: Callable[[Path], None]
) -> None:
    before(tmp_path)
    log = open_logdir(tmp_path)
    after(tmp_path)
    log.refresh()
    assert shown(log) == shown(open_logdir(tmp_path))


class Searches:
    """Counts the folders that are searched."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found: list[list[str]] = []
        original = search

        def counted(root: Path, folders: list[Folder], *rest: object, **more: object) -> Searched:
            self.found.append([folder.relative for folder in folders])
            return original(root, folders, *rest, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(territories, "search", counted)
        monkeypatch.setattr(territories, "_TOGETHER", 1)

    def taken(self) -> list[list[str]]:
        found, self.found = self.found, []
        return found


@pytest.mark.usefixtures("settled")
def test_a_change_costs_the_territory_that_it_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches = Searches(monkeypatch)
    plain_runs(tmp_path)
    log = open_logdir(tmp_path)
    assert searches.taken() == [["cnn"], ["mlp"], ["rnn"], ["."]]
    before = {entry.id: entry for entry in log.entries}
    save(tmp_path / "mlp" / "emb_step10.npy", X + 1)
    assert log.refresh()
    assert searches.taken() == [["mlp"]]
    changed = [entry for entry in log.entries if entry is not before[entry.id]]
    assert {entry.run for entry in changed} == {"mlp"}
    assert not log.refresh()
    assert searches.taken() == []


@pytest.mark.usefixtures("settled")
def test_a_new_run_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    searches = Searches(monkeypatch)
    plain_runs(tmp_path)
    log = open_logdir(tmp_path)
    searches.taken()
    save(tmp_path / "zzz" / "emb_step1.npy")
    assert log.refresh()
    # The list of the first folders is part of what runs without a label of their own look at.
    assert [folders for folders in searches.taken() if folders != ["."]] == [["zzz"]]


@pytest.mark.usefixtures("settled")
def test_small_folders_are_searched_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches = Searches(monkeypatch)
    monkeypatch.setattr(territories, "_TOGETHER", 4)
    for number in range(10):
        save(tmp_path / f"run{number}" / "emb.npy", X + number)
    log = open_logdir(tmp_path)
    runs = [f"run{number}" for number in range(10)]
    assert searches.taken() == [runs[:4], runs[4:8], runs[8:], ["."]]
    save(tmp_path / "run5" / "emb.npy", X - 1)
    (tmp_path / "run0" / "emb.npy").unlink()
    assert log.refresh()
    assert searches.taken() == [runs[:4], runs[4:8]]
    assert shown(log) == shown(open_logdir(tmp_path))


def test_folders_that_share_something_are_not_all_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches = Searches(monkeypatch)
    write(tmp_path / "labels.tsv", TABLE)
    text = b'embeddings { tensor_path: "../labels.tsv" metadata_path: "../labels.tsv" }'
    for number in range(40):
        write(tmp_path / f"run{number}" / "projector_config.pbtxt", text)
    log = open_logdir(tmp_path)
    assert len(searches.taken()) < 12
    write(tmp_path / "run7" / "projector_config.pbtxt", text + b"\n")
    log.refresh()
    assert len(searches.taken()) == 1
