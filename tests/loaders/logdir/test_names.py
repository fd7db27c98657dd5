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
        source("emb", path=f"{name}.ckpt-{step}.index", step=step, label=name, in_series=True)
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


def test_one_series_keeps_the_plain_name() -> None:
    sources = [
        *(source("emb", path=f"m_{n}.pt", step=n, label="m", in_series=True) for n in (5, 6)),
        source("emb", path="best.pt", step=6, label="best"),
        source("emb", path="last.pt", label="last"),
    ]
    assert distinct(*sources) == ["emb", "emb", "best/emb", "last/emb"]
    assert [each.is_copy for each in sources] == [False, False, True, True]


def test_a_file_beside_a_series_has_a_name_of_its_own_even_at_no_step() -> None:
    sources = [
        *(source("emb", path=f"m_{n}.pt", step=n, label="m", in_series=True) for n in (5, 6)),
        source("emb", path="final.pt", label="final"),
    ]
    assert distinct(*sources) == ["emb", "emb", "final/emb"]


def test_a_step_that_a_series_has_twice_costs_one_file_its_name() -> None:
    names = ("m_5-0.3.pt", "m_5-0.4.pt", "m_6-0.2.pt")
    sources = [source("emb", path=p, step=int(p[2]), label="m", in_series=True) for p in names]
    assert distinct(*sources) == ["emb", "m_5-0.4.pt/emb", "emb"]
