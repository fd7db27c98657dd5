from __future__ import annotations

import numpy as np

from projector.model.metadata import Column
from projector.server.dataset_json import describe_column
from projector.server.wire import numbers_bytes


def test_numbers_are_as_fine_as_their_range_asks() -> None:
    seconds = 1732333200 + np.arange(60)
    columns = {
        "epoch": seconds,
        "years": seconds * 5_000_000.0,
        "share": np.linspace(0, 1, 60),
        "same": np.full(60, 0.1),
        "huge": np.linspace(0, 1e300, 60),
        "none": np.full(60, np.nan),
    }
    sizes = {
        name: describe_column(0, Column.from_values(name, values))["number_bytes"]
        for name, values in columns.items()
    }
    assert sizes == {"epoch": 8, "years": 8, "share": 4, "same": 8, "huge": 8, "none": 4}
    when = Column.from_values("when", ["2024-11-23T03:40:00Z", "2024-11-23T03:40:01.5Z"])
    assert describe_column(0, when)["number_bytes"] == 8
    body = np.frombuffer(numbers_bytes(when), "<f8")
    assert body.tolist() == [1732333200.0, 1732333201.5]
    assert describe_column(0, Column.from_values("word", ["a", "b"]))["number_bytes"] is None
