"""A number of bytes in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projector.machine.byte_size import byte_size

_FACTORS = {"byte": 1, "bytes": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (83_900_000, "83.9 MB"),
        (2_700_000_000, "2.7 GB"),
        (5_000_000_000_000_000, "5,000.0 TB"),
    ],
)
def test_bytes_are_written_in_the_unit_that_fits(count: int, said: str) -> None:
    assert byte_size(count) == said


@given(st.integers(0, 10**16))
def test_what_is_written_is_the_number(count: int) -> None:
    number, unit = byte_size(count).split()
    value = float(number.replace(",", ""))
    assert abs(value * _FACTORS[unit] - count) <= 0.0501 * _FACTORS[unit]
    assert count == 0 or value >= 1
