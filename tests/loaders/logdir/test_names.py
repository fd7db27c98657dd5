"""Names that distinguish tensors, and the order of a listing."""

from __future__ import annotations

from projector.loaders.base import File
from projector.loaders.logdir.names import in_listing_order, with_distinct_names
from projector.loaders.logdir.sources import Source
from tests.loaders.logdir.sources import ROOT, source


def distinct(*sources: Source) -> list[str]:
    return [each.tensor.name for each in with_distinct_names(list(sources), ROOT)]


def test_names_that_differ_stay_as_they_are() -> None:
    assert distinct(source("a"), source("b"), source("a", step=1), source("a", run="r")) == [
        "a", "b", "a", "a",
    ]  # fmt: skip


def test_two_series_get_the_name_of_their_files_without_the_step() -> None:
    sources = [
        source("emb", path=f"{name}.ckpt-{step}.index", step=step)
        for name in ("model", "best")
        for step in (1, 2)
    ]
    assert distinct(*sources) == ["model/emb"] * 2 + ["best/emb"] * 2
    assert sources[0].tensor.aliases == ("emb",)


def test_whole_files_are_distinguished_by_their_suffix() -> None:
    sources = [source("v", path=f"v.{suffix}", whole=True) for suffix in ("npy", "tsv")]
    assert distinct(*sources) == ["v.npy", "v.tsv"]


def test_files_of_one_name_are_distinguished_by_their_path() -> None:
    sources = [source("emb", path=f"{folder}/m.npz") for folder in ("a", "b")]
    assert distinct(*sources) == ["a/m.npz/emb", "b/m.npz/emb"]


def test_true_duplicates_are_listed_once() -> None:
    first, second = source("emb"), source("emb")
    assert with_distinct_names([first, second], ROOT) == [first]


def test_the_order_is_by_role_metadata_and_name() -> None:
    table = File(ROOT / "t.tsv", ROOT, 0, 0)
    sources = [
        source("slot", role="slot"),
        source("weight"),
        source("emb10", role="embedding"),
        source("emb9", role="embedding"),
        source("with table", metadata=table),
        source("named", named=True),
        source("labeled", labeled=True),
        source("losses", labeled=True, doubtful=True),
    ]
    assert [each.tensor.name for each in in_listing_order(sources)] == [
        "labeled",
        "with table",
        "named",
        "emb9",
        "emb10",
        "weight",
        "losses",
        "slot",
    ]


def test_runs_and_steps_are_sorted_within_a_rank() -> None:
    sources = [
        source("emb", run=run, step=step, role="embedding")
        for run in ("run10", "run9", ".")
        for step in (20, None, 3)
    ]
    assert [(each.run, each.step) for each in in_listing_order(sources)] == [
        (run, step) for run in (".", "run9", "run10") for step in (None, 3, 20)
    ]


def test_all_steps_of_a_tensor_stay_at_its_best_rank() -> None:
    table = File(ROOT / "t.tsv", ROOT, 0, 0)
    sources = [
        source("a", step=1, role="embedding"),
        source("b", step=1, role="embedding"),
        source("b", step=2, role="embedding", metadata=table),
    ]
    assert [(s.tensor.name, s.step) for s in in_listing_order(sources)] == [
        ("b", 1), ("b", 2), ("a", 1),
    ]  # fmt: skip
