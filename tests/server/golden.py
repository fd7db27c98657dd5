"""The examples of docs/wire.md to the byte: written here, read by the tests of both sides.

``python -m tests.server.golden`` writes the files anew; a difference is a change of the wire.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from projector.api.session.shared_selection import Selected
from projector.loaders.tags.sidecar import tags_bytes
from projector.model.listing import Entry, Listing, Problem
from projector.model.metadata import Column
from projector.model.projection import Projection
from projector.model.selection import Selection
from projector.model.tags import Tags
from projector.model.text import PackedText
from projector.server import wire
from projector.server.listing_forms import Forms, ListingForms
from tests.server.golden_change import golden_change

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "wire"

POSITIONS = np.array([[0.5, -1.25], [2.0, 3.5], [np.nan, np.nan]], np.float32)
SCORES = np.array([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]], np.float32)
TEXTS = ["zwei", None, "", "眼 👁", "zwei"]
TAGS = Tags('a/"b" ä', 70_001, {"kind": {70_000: "眼 👁", 3: "odd"}, "label": {3: "=8"}})
#: Seconds since 1970: a second and a microsecond apart, where float32 knows steps of 128 s.
TIMES = [1732333200.0, 1732333201.0, 1732333201.000001]
NUMBERS = [1.5, None, -2.0, 1e6, 0.1]
DATASET = "0f3a00000000c0de"
#: Few rows of many go as rows, many as one bit a point.
FEW, MANY = [0, 4, 1_700], [0, 1, 2, 3, 7, 8, 19]


def selected(rows: list[int], n_points: int) -> Selected:
    return Selected(7, "python", DATASET, n_points, Selection("r", "n", None, np.array(rows)))


def _step(step: int | None, **more: Any) -> Entry:
    place = {"run": "mlp/ä", "name": "hidden", "step": step, "shape": (1797, 16)}
    path = f"mlp/ä/ckpt-{step or 0:05d}.index"
    about = {"dtype": "float32", "format": "tensorflow", "path": path, "revision": f"{step}" * 16}
    return Entry(**{**place, **about, **more})


def listings() -> tuple[Listing, Listing]:
    """Return a listing, and one in which a step was added, one rewritten and a tensor removed."""
    far = [_step(step, name="far", path=f"far-{step}.npy") for step in (1, 2**60)]
    old = [_step(1, has_metadata=True), _step(20), _step(300, shape=(9, 16))]
    gone, stays = _step(None, run=".", name="gone"), _step(None, run="b", name="emb", role="slot")
    new = [old[0], _step(20, revision="c" * 16, tags="5c" * 8), old[2], _step(4000)]
    root, problems = Path("/home/me/runs"), (Problem("b", "b/x.npy", "is empty.", "warning"),)
    first = Listing(root, (*old, gone, *far, stays), n_seen=7)
    return first, Listing(root, (*new, *far, stays, _step(5, run="c")), problems)


def listing_forms() -> tuple[Forms, Forms]:
    """Return the forms of both listings."""
    before, after = listings()
    shown = [before]
    forms = ListingForms(lambda: shown[0], read_only=True)
    first = forms.now()
    shown[0] = after
    return first, forms.now()


def _decoded(forms: Forms) -> dict[str, Any]:
    """Return a listing as a page has it; of a revision it knows the first digits."""
    found: dict[str, Any] = json.loads(forms.whole.content(compressed=False))
    for entry in found["entries"]:
        entry["revision"] = entry["revision"][:8]
    return found


def golden() -> dict[str, bytes]:
    """Return the content of every file by its name."""
    projection = Projection(POSITIONS, "pca", {}, {}, SCORES)
    text = Column.from_text("word", PackedText.pack(TEXTS))
    number = Column.from_values("n", np.array([n if n is not None else np.nan for n in NUMBERS]))
    moment = Column("when", "time", PackedText.pack(["…"] * 3), np.array(TIMES, np.float64))
    moved, placed = (POSITIONS + 1).tobytes(), POSITIONS.tobytes()
    first = wire.frame_header(len(moved), 7, 0.25, 2) + moved
    last = wire.frame_header(len(placed), 28, 1.0, 2, wire.LAST) + placed
    same = wire.frame_header(0, 28, 1.0, 2, wire.LAST | wire.SAME)
    frames = [first, wire.keep_alive_frame(), last]
    first_listing, second_listing = listing_forms()
    changes = second_listing.since(first_listing)
    assert changes is not None
    about = {
        "positions.bin": {
            "n_points": 3,
            "n_components": 2,
            "values": [[0.5, -1.25], [2.0, 3.5], [None, None]],
        },
        "components.bin": {"components": [3, 0, 2], "values": [[4, 1, 3], [8, 5, 7], [12, 9, 11]]},
        "codes.bin": {"code_bytes": 2, "missing": 0xFFFF, "names": text.categories()[1]},
        "text.bin": {"n_points": 5, "texts": [t or "" for t in TEXTS]},
        "numbers.bin": {"values": NUMBERS},
        "times.bin": {"values": TIMES},
        "kept.bin": {"values": [1.0, 0.25, None]},
        "state.bin": {"values": [0, 3, 255]},
        "n_shared.bin": {"values": [[3, 2], [2, 70_000]]},
        "rows.bin": {"rows": [0, 4, 70_000]},
        "selection-rows.bin": {
            "number": 7, "author": "python", "dataset": DATASET, "nPoints": 1797, "rows": FEW,
        },
        "selection-bits.bin": {
            "number": 7, "author": "python", "dataset": DATASET, "nPoints": 20, "rows": MANY,
        },
        "tags.tsv": {
            "tensor": TAGS.tensor,
            "n_points": TAGS.n_points,
            "cells": [[3, "odd", "=8"], [70_000, "眼 👁", ""]],
        },
        "frames.bin": [
            {"done": 7, "fraction": 0.25, "components": 2, "last": False, "empty": False,
             "values": [[1.5, -0.25], [3.0, 4.5], [None, None]]},
            {"done": 0, "fraction": 0.0, "components": 0, "last": False, "empty": True},
            {"done": 28, "fraction": 1.0, "components": 2, "last": True, "empty": False,
             "values": [[0.5, -1.25], [2.0, 3.5], [None, None]]},
        ],
        "listing.json": _decoded(first_listing),
        "listing-changes.json": _decoded(second_listing),
        "same.bin": [
            {"done": 7, "fraction": 0.25, "components": 2, "last": False, "empty": False,
             "values": [[1.5, -0.25], [3.0, 4.5], [None, None]]},
            {"done": 28, "fraction": 1.0, "components": 2, "last": True, "empty": False,
             "values": [[1.5, -0.25], [3.0, 4.5], [None, None]]},
        ],
        "failed.bin": [
            {"done": 5, "fraction": 0.0, "components": 0, "last": True, "empty": True},
        ],
    }  # fmt: skip
    return {
        "positions.bin": wire.positions_bytes(projection, None),
        "components.bin": wire.positions_bytes(projection, [3, 0, 2]),
        "codes.bin": wire.codes_bytes(text),
        "text.bin": wire.text_bytes(text),
        "numbers.bin": wire.numbers_bytes(number),
        "times.bin": wire.numbers_bytes(moment),
        "kept.bin": wire.array_bytes(np.array([1, 0.25, np.nan], np.float32)),
        "state.bin": wire.array_bytes(np.array([0, 3, 255], np.uint8)),
        "n_shared.bin": wire.array_bytes(np.array([[3, 2], [2, 70_000]])),
        "rows.bin": wire.rows_bytes(np.array([0, 4, 70_000], np.uint32)),
        "selection-rows.bin": wire.selection_bytes(selected(FEW, 1797)),
        "selection-bits.bin": wire.selection_bytes(selected(MANY, 20)),
        "tags.tsv": tags_bytes(TAGS),
        "frames.bin": b"".join(frames),
        "listing.json": first_listing.short.content(compressed=False),
        "listing-changes.json": changes.content(compressed=False),
        "same.bin": first + same,
        "failed.bin": wire.frame_header(0, 5, 0.0, 0, wire.LAST | wire.EMPTY),
        **golden_change(),
        "wire.json": (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode(),
    }


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in golden().items():
        (FOLDER / name).write_bytes(content)
