"""CRC-32C: published checksums, and the same result in pieces."""

from __future__ import annotations

import numpy as np
import pytest

from projector.loaders.decoders import crc32c as module
from projector.loaders.decoders.crc32c import crc32c, masked, masked_crc32c


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),
        # RFC 3720, appendix B.4.
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
    ],
)
def test_published_checksums(data: bytes, expected: int) -> None:
    assert crc32c(data) == expected


def test_pieces_give_the_checksum_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(range(256)) * 3
    whole = crc32c(data)
    assert crc32c(data[100:], crc32c(data[:100])) == whole
    monkeypatch.setattr(module, "_CHUNK", 7)
    assert crc32c(data) == whole


def test_arrays_are_read_as_their_bytes() -> None:
    values = np.arange(12, dtype="<f4").reshape(3, 4)
    assert crc32c(values) == crc32c(values.tobytes())
    assert crc32c(np.zeros((0, 4), np.float32)) == 0


def test_the_mask_rotates_and_adds() -> None:
    assert masked(0) == 0xA282EAD8
    assert masked(1 << 15) == 0xA282EAD9
    assert masked_crc32c(b"123456789") == masked(0xE3069283)
    assert all(masked(crc) < 1 << 32 for crc in (0, 1, 0xFFFFFFFF, 0x80000000))
