from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.compute.neighbors.search import find_neighbors
from projector.errors import ParameterError
from projector.jobs.cache import ResultCache

Array = np.ndarray[Any, np.dtype[np.float32]]


@pytest.fixture
def cache(tmp_path: Path) -> ResultCache:
    return ResultCache(tmp_path)


def test_rows_that_are_not_finite_have_no_neighbors(blobs: Array) -> None:
    broken = blobs.copy()
    broken[5] = np.nan
    found = projector.neighbors(broken, 3)
    assert found.indices.shape == (300, 3)
    assert found.indices[5].tolist() == [-1, -1, -1]
    assert 5 not in found.indices[np.arange(300) != 5]
    assert "1 of 300 points" in found.warnings[-1]
    with pytest.raises(ParameterError, match="from 1 to 298"):
        projector.neighbors(broken, 299)
    whole = projector.neighbors(blobs, 4, metric="cosine")
    assert whole.exact
    assert whole.recall == 1.0


@pytest.mark.slow
def test_one_graph_serves_several_projections(
    blobs: Array, cache: ResultCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches: list[int] = []

    def counted(vectors: Array, k: int, **options: Any) -> Any:
        searches.append(k)
        return find_neighbors(vectors, k, **options)

    monkeypatch.setattr("projector.api.neighbors.find_neighbors", counted)
    projector.project(blobs, "umap", cache=cache, n_neighbors=15)
    projector.project(blobs, "umap", cache=cache, n_neighbors=15, min_dist=0.5)
    projector.project(blobs, "umap", cache=cache, n_neighbors=20)
    assert len(searches) == 1
