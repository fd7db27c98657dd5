"""Bytes without a type: believed only if they have the size of coordinates."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from projector.loaders.formats.tables.number_bytes import bytes_form, parse_bytes

P = Path("t.parquet")
VALUES = np.random.default_rng(7).normal(size=(9, 12))


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (VALUES.astype("<f4"), "float32"),
        (VALUES.astype("<f8"), "float64"),
        (np.round(VALUES * 16) / 16 + 0.5, "float64"),
        ((np.round(VALUES * 16) / 16).astype("<f4"), "float32"),
    ],
)
def test_the_type_is_found(values: np.ndarray, dtype: str) -> None:
    blobs = [row.tobytes() for row in values]
    form = bytes_form(blobs)
    assert form is not None
    assert (form.dtype, form.n_dims) == (dtype, 12)
    np.testing.assert_array_equal(parse_bytes(P, "v", blobs, form).values, values)


@pytest.mark.parametrize(
    "blobs",
    [
        [hashlib.sha256(bytes([i])).digest() for i in range(9)],
        [b"an ordinary text", b"another ordinary"],
        [bytes(range(200, 248)), bytes(range(100, 148))],
        [VALUES[0].tobytes(), VALUES[0, :3].tobytes()],
        [b"\x89PNG\r\n\x1a\n" * 6] * 3,
        [bytes(64)] * 4,
        [b"abc"] * 4,
        [None, None],
    ],
)
def test_other_bytes_are_no_vectors(blobs: list[bytes | None]) -> None:
    assert bytes_form(blobs) is None


def test_rows_of_another_length_are_set_aside() -> None:
    blobs = [*(row.astype("<f4").tobytes() for row in VALUES), None, b"", b"1234"]
    form = bytes_form(blobs[:9])
    assert form is not None
    rows = parse_bytes(P, "v", blobs, form)
    assert (rows.absent, rows.odd) == ((9, 10), (11,))
    assert np.isnan(rows.values[9:]).all()
