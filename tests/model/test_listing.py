from __future__ import annotations

from projector.model.listing import Entry


def test_an_entry_id_names_run_tensor_and_step() -> None:
    def entry(run: str, name: str, step: int | None) -> Entry:
        return Entry(run, name, step, (2, 2), "float32", "numpy", "x.npy")

    ids = {
        entry(*key).id
        for key in [(".", "a", None), (".", "a", 0), (".", "a", 1), (".", "b", 1), ("r", "a", 1)]
    }
    assert len(ids) == 5
    assert entry("r\udcff", "a", 1).id == entry("r\udcff", "a", 1).id
