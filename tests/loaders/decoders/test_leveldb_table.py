"""LevelDB tables: what is written is read, and no damage goes unnoticed."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from projector.errors import LoadError
from projector.loaders.decoders.crc32c import masked_crc32c
from projector.loaders.decoders.leveldb_table import MAGIC, is_table, read_table
from projector.loaders.decoders.protobuf import varint as varint_at
from tests.loaders.writers import table, varint

ENTRIES = [(b"", b"header"), (b"layer/bias", b"1"), (b"layer/kernel", b"22"), (b"other", b"")]


def table_file(folder: Path, content: bytes) -> Path:
    path = folder / "m.index"
    path.write_bytes(content)
    return path


def block(body: bytes, kind: int, crc: int | None = None) -> bytes:
    """Return a block with its trailer."""
    stored = masked_crc32c(body + bytes([kind])) if crc is None else crc
    return body + bytes([kind]) + struct.pack("<I", stored)


def one_block(body: bytes, kind: int = 0) -> bytes:
    """Return a table with a data block of these bytes."""
    data = block(body, kind)
    handle = varint(0) + varint(len(body))
    entry = varint(0) + varint(1) + varint(len(handle)) + b"z" + handle
    index_body = entry + struct.pack("<II", 0, 1)
    index = varint(len(data)) + varint(len(index_body))
    footer = varint(0) + varint(0) + index
    return data + block(index_body, 0) + footer.ljust(40, b"\0") + MAGIC


@pytest.mark.parametrize("block_entries", [1, 2, 100])
def test_entries_come_back_in_order(tmp_path: Path, block_entries: int) -> None:
    path = table_file(tmp_path, table(ENTRIES, block_entries=block_entries))
    assert read_table(path) == ENTRIES
    assert is_table(path.read_bytes())


def test_compressed_blocks_are_read(tmp_path: Path) -> None:
    body = varint(0) + varint(3) + varint(2) + b"key" + b"ab" + struct.pack("<II", 0, 1)
    compressed = varint(len(body)) + bytes([(len(body) - 1) << 2]) + body
    assert read_table(table_file(tmp_path, one_block(compressed, 1))) == [(b"key", b"ab")]


def test_any_flipped_bit_is_noticed_or_harmless(tmp_path: Path) -> None:
    good = table(ENTRIES, block_entries=2)
    end_of_data, _ = varint_at(good, len(good) - 48)
    for at in range(len(good)):
        damaged = bytearray(good)
        damaged[at] ^= 0x10
        path = table_file(tmp_path, bytes(damaged))
        try:
            found = read_table(path)
        except LoadError:
            continue
        # The meta-index and the padding of the footer are not used.
        assert found == ENTRIES
        assert end_of_data <= at < len(good) - 8


@pytest.mark.parametrize("length", [0, 7, 47, 100])
def test_a_truncated_table_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(LoadError, match="not end in the magic number"):
        read_table(table_file(tmp_path, table(ENTRIES)[:length]))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (one_block(b"abc"), "a block of 3 bytes is too short"),
        (one_block(struct.pack("<I", 1 << 30)), "claims to have 1,073,741,824 restart points"),
        (one_block(b"\x05\x01\x01k" + b"v" + bytes(4)), "shares 5 bytes with a key of 0"),
        (one_block(b"\x00\x7f\x01k" + b"v" + bytes(4)), "extends past its block"),
        (one_block(b"x" * 8, kind=7), "unknown compression 7"),
        (one_block(varint(1 << 30) + b"\x00a", kind=1), "are plausible"),
        (bytes(40) + varint(0) + varint(1 << 40) * 3 + bytes(21) + MAGIC, "extends past the end"),
    ],
)
def test_damage_with_a_right_checksum_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(LoadError, match=message):
        read_table(table_file(tmp_path, content))


def test_a_wrong_checksum_has_its_place(tmp_path: Path) -> None:
    damaged = bytearray(table(ENTRIES))
    damaged[3] ^= 1
    with pytest.raises(LoadError, match=r"m\.index, block at byte 0: checksum mismatch"):
        read_table(table_file(tmp_path, bytes(damaged)))
