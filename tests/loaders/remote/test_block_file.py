from __future__ import annotations

import errno
import os
import random
from pathlib import Path

import numpy as np
import pytest

from projector.loaders.remote import block_file
from projector.loaders.remote.block_file import BlockFile, block_size

CONTENT = np.random.default_rng(0).integers(0, 256, 100_000, np.uint8).tobytes()
BLOCK = block_size(len(CONTENT))


class Source:
    """Gives ranges of the content, and remembers which."""

    def __init__(self, *, whole: bool = False) -> None:
        self.asked: list[tuple[int, int]] = []
        self.whole = whole

    def __call__(self, start: int, stop: int) -> tuple[int, bytes]:
        self.asked.append((start, stop))
        return (0, CONTENT) if self.whole else (start, CONTENT[start:stop])


def read(blocks: BlockFile, start: int, stop: int) -> bytes:
    return os.pread(blocks.descriptor, stop - start, start)


def test_only_what_is_missing_is_fetched_and_neighbors_together(tmp_path: Path) -> None:
    blocks, source = BlockFile(tmp_path / "x" / "a", len(CONTENT)), Source()
    blocks.ensure(3 * BLOCK + 5, 3 * BLOCK + 6, source)
    assert source.asked == [(3 * BLOCK, 4 * BLOCK)]
    blocks.ensure(0, 8 * BLOCK, source)
    assert source.asked[1:] == [(0, 3 * BLOCK), (4 * BLOCK, 8 * BLOCK)]
    blocks.ensure(0, len(CONTENT), source)
    assert source.asked[3:] == [(8 * BLOCK, len(CONTENT))]
    assert read(blocks, 0, len(CONTENT)) == CONTENT
    blocks.ensure(7, 7, source)
    assert len(source.asked) == 4


def test_any_order_of_ranges_gives_the_content_and_fetches_each_byte_once(tmp_path: Path) -> None:
    order = random.Random(1)
    blocks, source = BlockFile(tmp_path / "a", len(CONTENT)), Source()
    for _ in range(200):
        start = order.randrange(len(CONTENT))
        stop = order.randrange(start, len(CONTENT) + 1)
        blocks.ensure(start, stop, source)
        assert read(blocks, start, stop) == CONTENT[start:stop]
    assert sum(stop - start for start, stop in source.asked) <= len(CONTENT)


def test_what_another_process_fetched_is_there(tmp_path: Path) -> None:
    first = BlockFile(tmp_path / "a", len(CONTENT))
    first.ensure(0, 5 * BLOCK, Source())
    second, source = BlockFile(tmp_path / "a", len(CONTENT)), Source()
    second.ensure(0, 6 * BLOCK, source)
    assert source.asked == [(5 * BLOCK, 6 * BLOCK)]


@pytest.mark.parametrize("damage", ["zeros", "one bit", "cut", "sums"])
def test_a_damaged_block_is_fetched_again(tmp_path: Path, damage: str) -> None:
    """As after a power cut: checksums reached the disk, or did not, and bytes did not."""
    path = tmp_path / "a"
    BlockFile(path, len(CONTENT)).ensure(0, len(CONTENT), Source())
    with path.open("r+b") as file:
        if damage == "zeros":
            file.seek(2 * BLOCK)
            file.write(bytes(BLOCK))
        elif damage == "one bit":
            file.seek(2 * BLOCK + 9)
            file.write(bytes([CONTENT[2 * BLOCK + 9] ^ 1]))
        elif damage == "cut":
            file.truncate(2 * BLOCK + 1)
        else:
            file.seek(len(CONTENT) + 16)
            file.write(bytes(8))
    blocks, source = BlockFile(path, len(CONTENT)), Source()
    blocks.ensure(0, len(CONTENT), source)
    assert read(blocks, 0, len(CONTENT)) == CONTENT
    assert source.asked[0][0] == (0 if damage == "cut" else 2 * BLOCK)


def test_a_hole_is_never_content(tmp_path: Path) -> None:
    """Of zeros, too: the checksum of a block of zeros is none of a hole."""
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.truncate(len(CONTENT) + 8 * -(-len(CONTENT) // BLOCK))
    blocks, source = BlockFile(path, len(CONTENT)), Source()
    blocks.ensure(0, len(CONTENT), source)
    assert source.asked == [(0, len(CONTENT))]


def test_a_server_without_ranges_gives_all_at_once(tmp_path: Path) -> None:
    blocks, source = BlockFile(tmp_path / "a", len(CONTENT)), Source(whole=True)
    blocks.ensure(5 * BLOCK, 6 * BLOCK, source)
    blocks.ensure(0, len(CONTENT), source)
    assert len(source.asked) == 1
    assert read(blocks, 0, len(CONTENT)) == CONTENT


def test_large_ranges_come_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_file, "_PIECE", 4 * BLOCK)
    blocks, source = BlockFile(tmp_path / "a", len(CONTENT)), Source()
    blocks.ensure(0, len(CONTENT), source)
    assert max(stop - start for start, stop in source.asked) == 4 * BLOCK
    assert sum(stop - start for start, stop in source.asked) == len(CONTENT)
    assert read(blocks, 0, len(CONTENT)) == CONTENT


def test_what_cannot_be_written_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = BlockFile(tmp_path / "a", len(CONTENT))

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("projector.loaders.remote.block_file.write_at", full)
        with pytest.raises(OSError, match="No space"):
            blocks.ensure(0, BLOCK, Source())
    source = Source()
    blocks.ensure(0, BLOCK, source)
    assert source.asked == [(0, BLOCK)]
    assert read(blocks, 0, BLOCK) == CONTENT[:BLOCK]


def test_an_empty_object(tmp_path: Path) -> None:
    source = Source()
    BlockFile(tmp_path / "a", 0).ensure(0, 0, source)
    assert source.asked == []


def test_blocks_grow_with_the_object() -> None:
    assert [block_size(n) for n in (0, 1 << 24, (1 << 24) + 1, 1 << 28, 1 << 40)] == [
        4096,
        4096,
        16384,
        16384,
        65536,
    ]
