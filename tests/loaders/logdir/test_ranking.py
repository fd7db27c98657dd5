"""The order of a listing: what opens first."""

from __future__ import annotations

from projector.loaders.base import File
from projector.loaders.logdir.ranking import ranked, together
from projector.loaders.logdir.sources import Source
from tests.loaders.logdir.sources import ROOT, source


def in_order(sources: list[Source]) -> list[Source]:
    """Return the sources as the listing has them, put together from two parts that are runs."""
    runs = sorted({each.run for each in sources})
    parts = [runs[::2], runs[1::2]]
    return together(ranked([s for s in sources if s.run in part]) for part in parts)


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
    assert [each.tensor.name for each in in_order(sources)] == [
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
    assert [(each.run, each.step) for each in in_order(sources)] == [
        (run, step) for run in (".", "run9", "run10") for step in (None, 3, 20)
    ]


def test_all_steps_of_a_tensor_stay_at_its_best_rank() -> None:
    table = File(ROOT / "t.tsv", ROOT, 0, 0)
    sources = [
        source("a", step=1, role="embedding"),
        source("b", step=1, role="embedding"),
        source("b", step=2, role="embedding", metadata=table),
    ]
    assert [(s.tensor.name, s.step) for s in in_order(sources)] == [
        ("b", 1), ("b", 2), ("a", 1),
    ]  # fmt: skip
