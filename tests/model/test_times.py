"""Time columns: told apart from all others, kept as written."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from projector.model.metadata import Column
from projector.model.text import PackedText


def column(*texts: str | None) -> Column:
    return Column.from_text("when", PackedText.pack(texts))


def test_a_time_is_seconds_since_1970_and_its_text_stays() -> None:
    texts = [
        "2024-02-29",
        None,
        "2024-02-29 12:00",
        "2024-02-29T12:00:00.5Z",
        "1969-12-31T23:00+01:00",
    ]
    found = column(*texts)
    assert found.kind == "time"
    assert found.text.to_list() == texts
    day = datetime(2024, 2, 29, tzinfo=UTC).timestamp()
    expected = [day, np.nan, day + 43200, day + 43200.5, -7200.0]
    np.testing.assert_array_equal(found.numbers, expected)


@pytest.mark.parametrize(
    "odd", ["2024", "2024-13-01", "2024-02-30", "29.02.2024", "12:00", "never"]
)
def test_one_value_that_is_no_time_makes_the_column_none(odd: str) -> None:
    assert column("2024-02-29", odd).kind != "time"
    assert column(odd, "2024-02-29").kind != "time"
