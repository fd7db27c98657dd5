from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from projector.errors import ParameterError
from projector.model.neighbors import Neighbors


def test_a_graph_serves_every_smaller_k(tmp_path: Path) -> None:
    graph = Neighbors(
        np.array([[1, 2], [0, 2], [1, 0]], np.int32), np.ones((3, 2), np.float32), "cosine"
    )
    assert graph.nearest(1).indices.tolist() == [[1], [0], [1]]
    with pytest.raises(ParameterError, match="has 2 neighbors"):
        graph.nearest(3)
    table = pq.read_table(graph.save(tmp_path / "n.parquet"))
    assert table["neighbor"].to_pylist() == [1, 2, 0, 2, 1, 0]
    with np.load(graph.save(tmp_path / "n.npz")) as archive:
        assert archive["indices"].shape == (3, 2)
    arrow = feather.read_table(graph.save(tmp_path / "n.arrow"))
    assert arrow["rank"].to_pylist() == [0, 1] * 3
    assert np.load(graph.save(tmp_path / "n.npy")).tolist() == [[1, 2], [0, 2], [1, 0]]
    for suffix, delimiter in ((".csv", ","), (".tsv", "\t")):
        lines = graph.save(tmp_path / f"n{suffix}").read_text().splitlines()
        assert lines[0].replace('"', "").split(delimiter)[2] == "neighbor"
        assert lines[1].split(delimiter)[:3] == ["0", "0", "1"]
    with pytest.raises(ParameterError, match="npz"):
        graph.save(tmp_path / "n.xlsx")
