"""Tests of `projector.loaders.formats.text.arrow_blocks`."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from projector.loaders.formats.text import arrow_blocks
from projector.loaders.formats.text.arrow_blocks import RawText, batches, below_each_other, rows_of


def matrix(text: str) -> list[list[float]]:
    types = {"a": pa.float32(), "b": pa.float32()}
    raw = RawText.of(np.frombuffer(text.encode(), np.uint8))
    blocks = [rows_of(batch, 0, 2) for batch in batches(raw, types, "\t")]
    rows: list[list[float]] = below_each_other(blocks, 2).tolist()
    return rows


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", "\n\r\n"])
@pytest.mark.parametrize("piece", [1, 7, 64, 1 << 22])
def test_all_pieces_are_read_in_their_order(
    monkeypatch: pytest.MonkeyPatch, end: str, piece: int
) -> None:
    monkeypatch.setattr(arrow_blocks, "_PIECE", piece)
    rows = [[float(number), number / 4] for number in range(200)]
    text = end.join(f"{a}\t{b}" for a, b in rows)
    assert matrix(text) == rows
    assert matrix(text + end) == rows
    assert matrix(text + end * 40) == rows


@pytest.mark.parametrize("piece", [1, 64, 1 << 22])
def test_a_line_of_another_length_is_refused(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(arrow_blocks, "_PIECE", piece)
    good = "1\t2\n" * 50
    for bad in ("1\n", "1\t2\t3\n", "1\tx\n"):
        with pytest.raises(pa.ArrowInvalid):
            matrix(good + bad + good)


def test_lines_that_end_in_carriage_returns_are_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_blocks, "_PIECE", 8)
    assert matrix("1\t2\r3\t4\r5\t6\r") == [[1, 2], [3, 4], [5, 6]]
