"""Columns of times: recognized, and kept as written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
zones: st.SearchStrategy[Any] = st.none() | offsets


@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime(1000, 1, 1), timezones=zones),
            st.sampled_from(["minutes", "seconds", "milliseconds", "microseconds"]),
            st.sampled_from("T "),
            st.booleans(),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_all_layouts_are_read_as_python_reads_them(
    moments: list[tuple[datetime, str, str, bool]],
) -> None:
    texts = []
    for moment, detail, separator, comma in moments:
        written = moment.isoformat(separator, detail)
        texts.append(written.replace(".", ",") if comma else written)
    expected = []
    for text in texts:
        read = datetime.fromisoformat(text.replace(",", "."))
        expected.append((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())
    found = column(*texts).numbers
    assert found is not None
    np.testing.assert_allclose(found, np.array(expected), rtol=1e-15, atol=1e-6)


def test_what_is_finer_than_microseconds_is_cut() -> None:
    found = column("2024-02-29T00:00:00.123456789Z", "2024-02-29T00:00:00.123456999Z")
    assert found.numbers is not None
    assert found.numbers[0] == found.numbers[1]
