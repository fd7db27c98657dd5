from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from projector.cli import main


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    vectors = np.concatenate([rng.normal(at, 0.1, (60, 3)) for at in (0, 1, 9)])
    far = 100 + 50.0 * np.arange(12)[:, None] * np.array([[1, -2, 3]])
    np.save(tmp_path / "x.npy", np.concatenate([vectors, far]).astype(np.float32))
    reviews = ["red fruit"] * 60 + ["green fruit"] * 60 + ["fast car"] * 60 + ["a thing"] * 12
    kinds = ["food"] * 120 + ["car"] * 60 + ["none"] * 12
    lines = ["review\tkind", *(f"{r}\t{k}" for r, k in zip(reviews, kinds, strict=True))]
    (tmp_path / "metadata.tsv").write_text("\n".join(lines) + "\n")
    return tmp_path / "x.npy"


ASKED = ("--min-cluster-size", 20, "--text", "review")


def test_levels_names_why_sizes_and_noise_are_printed(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "found.csv"
    found = run("clusters", source, *ASKED, "--out", out)
    assert found.exit_code == 0, found.output
    assert "3 clusters of at least 20 points; 6.2% of 192 points in none" in found.output
    assert "       60  red, fruit  (red 100%" in found.output
    assert "kind = car 100%" in found.output
    lines = out.read_text().splitlines()
    assert lines[0].startswith("cluster,")
    assert lines[0].endswith("review,kind")
    assert len(lines) == 193
    assert lines[1].startswith('"red, fruit",')
    assert lines[-1].startswith(",")


def test_all_of_it_is_printed_as_json_and_written_as_parquet(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "found.parquet"
    found = run("clusters", source, *ASKED, "--json", "--out", out)
    assert found.exit_code == 0, found.output
    about = json.loads(found.stdout)
    assert about["levels"][-1]["n_clusters"] == 3
    assert about["levels"][-1]["names"][0]["words"][0]["text"] == "red"
    table = pq.read_table(out)
    assert table.column("cluster").to_pylist()[:1] == ["red, fruit"]
    assert table.column("cluster").null_count == 12


def test_what_is_not_printed_is_counted(source: Path) -> None:
    found = run("clusters", source, *ASKED, "--most", 1)
    assert "and 2 more (see --most)" in found.output
    assert "green, fruit" not in found.output


def test_clusters_are_found_in_a_picture_and_by_landmarks(source: Path, tmp_path: Path) -> None:
    picture = tmp_path / "picture.npz"
    assert run("reduce", source, "--method", "pca", "--out", picture).exit_code == 0
    found = run("clusters", source, *ASKED, "--positions", picture, "--json")
    assert json.loads(found.stdout)["space"] == "projection"
    found = run("clusters", source, *ASKED, "--n-landmarks", 120)
    assert found.exit_code == 0, found.output
    assert "By landmarks: 120 of 192 points" in found.output


def test_what_cannot_be_is_said(source: Path) -> None:
    found = run("clusters", source, "--metric", "inner_product")
    assert found.exit_code == 2
    assert 'Use "cosine"' in found.output
    found = run("clusters", source, "--text", "reviews")
    assert found.exit_code in (1, 2)
    assert "reviews" in found.output
    found = run("clusters", source, "--out", "x.npy")
    assert found.exit_code == 2
    assert ".parquet" in found.output
