"""Numbers as text: the fast and the strict reader agree, and every mistake has its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.errors import LoadError
from projector.loaders import load, open_logdir
from projector.loaders.formats.text.arrow_blocks import RawText
from projector.loaders.formats.text.number_matrix import read_fast, read_strict

P = Path("t.tsv")
FLOATS = st.floats(width=32, allow_nan=True, allow_infinity=True, allow_subnormal=True)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(FLOATS, min_size=n, max_size=n), min_size=1, max_size=6)
    )
)
def test_float32_comes_back_to_the_bit_by_either_road(rows: list[list[float]]) -> None:
    expected = np.array(rows, np.float32)
    raw = "\n".join("\t".join(map(str, row)) for row in expected.astype(float).tolist()).encode()
    fast = read_fast(RawText.of(np.frombuffer(raw, np.uint8)), delimiter="\t", skip=0)
    for values in (read_strict(P, raw, delimiter="\t", skip=0)[0], fast):
        if values is not None:
            np.testing.assert_array_equal(values, expected)  # NaN equals NaN here
            assert values.dtype == np.float32


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1\t2\n3\n", "line 2"),
        ("1\t2\n3\t4\t5\n", "line 2"),
        ("1\t2\nx\t4\n", "line 2, column 1"),
        ("1\t2\n3\t1_000\n", "line 2, column 2"),
        ("1\t2\n3\t1,5\n", "line 2, column 2"),
        ("1\t2\n3\t0x10\n", "line 2, column 2"),
        ("1\t2\n3\t\n", "line 2, column 2"),
        ("1\t2\n\n3\tN/A\n", "line 3, column 2"),
        ("1\t2\n3\t٣\n", "line 2, column 2"),
    ],
)
def test_a_mistake_is_reported_with_line_and_column(text: str, place: str) -> None:
    with pytest.raises(LoadError, match=rf"t\.tsv, {place}: "):
        read_strict(P, text.encode(), delimiter="\t", skip=0)


@pytest.mark.parametrize(
    "text",
    [
        "1\t2\n3\t4",
        "1\t2\r\n3\t4\r\n",
        "1\t2\n\n3\t4\n\n",
        "+1\t2.\n3e0\t4.0E+0\n",
        "1 2\n3  4\n",
        "\ufeff1\t2\n3\t4\n",
        "a\tb\n1\t2\n3\t4\n",
    ],
)
def test_spellings_that_mean_the_same(tmp_path: Path, text: str) -> None:
    (tmp_path / "vectors.tsv").write_bytes(text.encode())
    log = open_logdir(tmp_path)
    assert log.entries[0].shape == (2, 2)
    np.testing.assert_array_equal(log.load(log.entries[0]).vectors, [[1, 2], [3, 4]])


def test_numbers_beyond_float32_are_counted(tmp_path: Path) -> None:
    (tmp_path / "vectors.tsv").write_text("1\t1e400\n-inf\t1e39\n")
    data = load(tmp_path / "vectors.tsv")
    assert any(each.startswith("2 numbers are beyond") for each in data.warnings)
    assert any("2 rows contain NaN or infinity" in each for each in data.warnings)
