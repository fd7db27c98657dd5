"""Cells that a spreadsheet would run are text in our files, and themselves when we read them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import projector
from projector.loaders.companions.metadata_tsv import read_metadata
from projector.model.metadata import Column, Metadata
from projector.model.projection import Projection
from projector.model.spreadsheet_cells import guarded, unguarded_columns

#: Read by the page's tests as well: both write by the same rule.
CASES: list[tuple[str, str]] = [
    (text, cell)
    for text, cell in json.loads(
        (Path(__file__).parents[1] / "fixtures" / "spreadsheet-cells.json").read_text()
    )
]
LETTERS = "=+-@'\"\t\r\n \uff1d\uff0d0159.,eEaé\u00a0\ufeff\0"
CELLS = st.text(st.sampled_from(LETTERS), max_size=6) | st.text(max_size=12)


@pytest.mark.parametrize(("text", "cell"), CASES)
def test_only_what_would_be_run_gets_an_apostrophe(text: str, cell: str) -> None:
    assert guarded(text) == cell


@given(CELLS)
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    cell = guarded(text)
    visible = re.sub(r'^[\s\0-\x20"\ufeff]+', "", cell)
    assert cell in (text, f"'{text}")
    is_number = re.fullmatch(r"[-+]?[\d.,]+(e[-+]?\d+)?", visible.strip(), re.IGNORECASE | re.ASCII)
    assert is_number or visible[:1] not in set("=+-@\uff1d\uff0b\uff0d\uff20")


def columns_of(table: dict[str, list[str]]) -> list[Column]:
    return list(Metadata.from_mapping(table).columns)


@given(st.lists(CELLS.filter(bool), min_size=1, max_size=8))
def test_every_cell_is_read_back(texts: list[str]) -> None:
    written = [guarded(text) for text in texts]
    found, n_changed = unguarded_columns(columns_of({"label": written}))
    # Nothing tells a file without one formula from any other: it is as it was written.
    assert found[0].text.to_list() == columns_of({"label": texts})[0].text.to_list()
    assert n_changed == sum(a != b for a, b in zip(written, texts, strict=True))


def test_a_table_that_was_not_written_for_spreadsheets_keeps_its_apostrophes() -> None:
    words = ["'-", "-", "the", "'@user"]
    found, n_changed = unguarded_columns(columns_of({"word": words, "other": ["a", "b", "c", "d"]}))
    assert found[0].text.to_list() == words
    assert n_changed == 0


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    texts = ["-5", "+0.25", "-1e-3", "7"]
    made = Projection(np.array([[-1, -2], [-3, 4], [5, -6], [-7, 8]], np.float32), "pca", {})
    path = made.save(tmp_path / "map.csv", metadata=Metadata.from_mapping({"loss": texts}))
    rows = list(csv.reader(io.StringIO(path.read_text())))
    assert rows[1] == ["-1.0", "-2.0", "-5"]
    assert [row[2] for row in rows[1:]] == texts


NAMES = ["=label", "'=also", "plain", "@x y"]
TEXTS = [
    "=1+1",
    "'=2",
    "x\r=3",
    "x\n=4",
    "x,=5\t=6",
    "-5 EUR",
    "\uff1dcmd",
    'say "hi"',
    "'tis",
    "@a",
    "+49 30",
]


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_our_own_tables_are_read_back_as_they_were(tmp_path: Path, suffix: str) -> None:
    table = {name: TEXTS[at:] + TEXTS[:at] for at, name in enumerate(NAMES)}
    # Fewer columns of decimals would be metadata in a .tsv.
    positions = np.arange(33, dtype=np.float32).reshape(11, 3) - 7.5
    made = Projection(positions, "pca", {})
    path = made.save(tmp_path / f"map{suffix}", metadata=Metadata.from_mapping(table))
    cells = list(
        csv.reader(io.StringIO(path.read_text()), delimiter="\t" if "t" in suffix else ",")
    )
    assert not [cell for row in cells for cell in row if re.match(r"[=@\uff1d]|[+-].*[^\d.]", cell)]
    data = projector.load(path)
    found = {column.name: column.text.to_list() for column in data.metadata.columns}
    assert found == table
    assert np.array_equal(data.embedding.vectors, positions)
    n_guarded = sum(guarded(text) != text for text in [*TEXTS * 4, *NAMES])
    assert any(f"{n_guarded} cells begin with an apostrophe" in each for each in data.warnings)


def test_metadata_beside_vectors_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "metadata.tsv"
    lines = ["\t".join(map(guarded, ["word", "=kind"]))]
    lines += ["\t".join(map(guarded, [text, text])) for text in ("=a", "b", "-c")]
    path.write_text("\n".join(lines) + "\n")
    metadata, warnings = read_metadata(path, 3)
    assert metadata.names == ("word", "=kind")
    assert metadata.columns[0].text.to_list() == ["=a", "b", "-c"]
    assert len(warnings) == 1
    assert "5 cells begin with an apostrophe" in warnings[0]


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".csv", ".tsv", ".npz"])
def test_half_a_surrogate_pair_stops_no_export(tmp_path: Path, suffix: str) -> None:
    metadata = Metadata.from_mapping({"\ud83d": ["\udce4", "a\ud83db"]})
    made = Projection(np.eye(2, dtype=np.float32), "pca", {"note": "\ud83d"})
    assert made.save(tmp_path / f"map{suffix}", metadata=metadata).stat().st_size > 0
