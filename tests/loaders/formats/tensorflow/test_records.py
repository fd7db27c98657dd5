"""The records of a checkpoint's index."""

from __future__ import annotations

import numpy as np
import pytest

from projector.loaders.decoders.protobuf import WireError
from projector.loaders.formats.tensorflow.records import (
    BundleEntry,
    BundleHeader,
    Slice,
    read_entry,
    read_header,
    read_shape,
    read_slice,
    slice_bounds,
    slice_key,
)
from tests.loaders.writers import entry, message, number, shape_proto, slice_proto, varint


def test_the_header_has_shards_and_byte_order() -> None:
    assert read_header(number(1, 3) + message(3, number(1, 1))) == BundleHeader(3, False)
    assert read_header(number(1, 3) + number(2, 1)) == BundleHeader(3, True)
    assert read_header(b"") == BundleHeader(0, False)


def test_an_entry_comes_back() -> None:
    found = read_entry(entry("bfloat16", (5, 0, 3), 77, b"data"))
    assert (found.dtype, found.shape, found.offset, found.size) == ("bfloat16", (5, 0, 3), 77, 4)
    assert (found.shard, found.slices, found.n_bytes()) == (0, (), 0)
    pieces: list[Slice] = [((0, 2), (0, -1)), ((2, 3), (0, -1))]
    assert read_entry(entry("float32", (5, 3), 0, b"", pieces)).slices == tuple(pieces)


@pytest.mark.parametrize(
    ("dtype", "big_endian", "expected"),
    [
        ("float32", False, "<f4"),
        ("float32", True, ">f4"),
        ("uint8", True, "u1"),
        ("qint32", False, "<i4"),
    ],
)
def test_dtypes_of_stored_bytes(dtype: str, big_endian: bool, expected: str) -> None:
    found = BundleEntry(dtype, (2, 3), 0, 0, 0, 0)
    assert found.numpy_dtype(big_endian) == np.dtype(expected)
    assert found.n_bytes() == 6 * np.dtype(expected).itemsize


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [("float32", True), ("bool", True), ("string", False), ("complex64", False), ("int4", False)],
)
def test_only_whole_real_numbers_are_read(dtype: str, expected: bool) -> None:
    assert BundleEntry(dtype, (), 0, 0, 0, 0).is_real is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (number(1, 99), "the data type number 99 is unknown; expected 1 to 33"),
        (b"", "the data type number 0 is unknown"),
        (number(1, 1) + message(2, message(2, number(1, -1))), "has a negative dimension"),
        (number(1, 1) + message(2, number(3, 1)), "the shape is unknown"),
        (number(1, 1) + message(2, shape_proto((1,) * 65)), "has 65 dimensions; at most 64"),
        (number(1, 1) + number(2, 5), "found a number, expected bytes"),
    ],
)
def test_bad_entries_are_refused(value: bytes, expected: str) -> None:
    with pytest.raises(WireError, match=expected):
        read_entry(value)


def test_an_empty_dimension_is_zero() -> None:
    assert read_shape(message(2, b"") + message(2, number(1, 7))) == (0, 7)
    assert read_shape(b"") == ()


def test_slices_come_back() -> None:
    piece: Slice = ((3, 4), (0, -1), (0, 0))
    assert read_slice(slice_proto(piece)) == piece
    assert slice_bounds(piece, (9, 5, 2)) == (slice(3, 7), slice(0, 5), slice(0, 0))


@pytest.mark.parametrize(
    ("piece", "shape", "expected"),
    [
        (((0, 1),), (2, 2), "a slice has 1 dimensions, but the tensor has 2"),
        (((1, 2),), (2,), "a slice goes from 1 to 3 in a dimension of 2"),
        (((-1, 1),), (2,), "a slice goes from -1 to 0"),
        (((3, -1),), (2,), "a slice goes from 3 to 2"),
    ],
)
def test_slices_must_fit(piece: Slice, shape: tuple[int, ...], expected: str) -> None:
    with pytest.raises(WireError, match=expected):
        slice_bounds(piece, shape)


def test_keys_of_slices_are_sorted_like_their_starts() -> None:
    starts = [-70_000, -65, -64, -1, 0, 1, 63, 64, 8191, 8192, 1 << 40]
    keys = [slice_key(b"name", ((start, -1),)) for start in starts]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(starts)


def test_a_fixed_checksum_is_unsigned() -> None:
    value = number(1, 1) + varint(6 << 3 | 5) + b"\xff\xff\xff\xff"
    assert read_entry(value).crc == 0xFFFFFFFF
