"""Names that distinguish the tensors of a listing."""

from __future__ import annotations

from projector.loaders.logdir.names import with_distinct_names
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
