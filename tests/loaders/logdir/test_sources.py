"""Sources: their role, their entry, and what changes an entry's revision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from projector.loaders.base import File
from projector.loaders.tags.sidecar import Sidecar
from projector.model.tags import Tags
from tests.loaders.logdir.sources import ROOT, source

TABLE = File(ROOT / "m.tsv", ROOT, 5, 7)


@pytest.mark.parametrize(
    ("about", "role"),
    [
        ({}, "weight"),
        ({"role": "slot"}, "slot"),
        ({"role": "slot", "metadata": TABLE}, "slot"),
        ({"role": "slot", "named": True}, "embedding"),
        ({"metadata": TABLE}, "embedding"),
        ({"labeled": True}, "embedding"),
        ({"labeled": True, "doubtful": True}, "weight"),
        ({"metadata": TABLE, "doubtful": True}, "weight"),
        ({"named": True, "doubtful": True}, "embedding"),
    ],
)
def test_what_is_named_or_labeled_is_an_embedding(about: dict[str, object], role: str) -> None:
    assert source("w", **about).role == role  # type: ignore[arg-type]


def test_an_entry_describes_its_source() -> None:
    found = source("emb", path="run/m.npz", run="run", step=7, rows=9, metadata=TABLE).entry(ROOT)
    assert (found.run, found.name, found.step, found.shape) == ("run", "emb", 7, (9, 2))
    assert (found.format, found.path, found.dtype) == ("npy", "run/m.npz", "float32")
    assert (found.has_metadata, found.has_sprite, found.has_bookmarks) == (True, False, False)
    assert found.tags == ""


@pytest.mark.parametrize("companion", ["metadata", "sprite", "bookmarks", "file"])
def test_any_rewritten_file_changes_the_revision(companion: str) -> None:
    first, second = source("emb"), source("emb")
    setattr(first, companion, TABLE)
    setattr(second, companion, replace(TABLE, mtime_ns=8))
    assert first.revision != second.revision
    assert first.revision != source("emb").revision
    setattr(second, companion, TABLE)
    assert first.revision == second.revision


def test_tags_and_their_warnings_change_the_entry_but_not_its_revision() -> None:
    plain, tagged, warned = source("emb"), source("emb"), source("emb")
    tagged.tags = Sidecar(Path("t"), Tags("emb", 4), "0123456789abcdef")
    warned.tags_warning = "not applied"
    entries = [each.entry(ROOT) for each in (plain, tagged, warned)]
    assert len({entry.tags for entry in entries}) == 3
    assert len({entry.revision for entry in entries}) == 1
    assert entries[0] == entries[1].untagged
