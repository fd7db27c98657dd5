from __future__ import annotations

import projector
from projector.api.table.texts import cells


def test_a_long_text_is_given_by_its_beginning() -> None:
    texts = ["a" * 1_000_000, "眼" * 30, "👁" * 20, None, ""]
    data = projector.Dataset([[float(i)] for i in range(5)], metadata={"t": texts})
    found = cells(data, [4, 3, 2, 1, 0], [0], 20)
    assert found == [["", None, "👁" * 20, "眼" * 20 + "…", "a" * 20 + "…"]]
