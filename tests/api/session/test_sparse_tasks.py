"""Sparse matrices in a server's jobs: three mapped arrays, and the result of the public call."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse

import projector
from projector.api.session.computations import Projections
from projector.api.session.in_memory import open_in_memory
from projector.model import given_sparse
from projector.model.dataset import Dataset
from projector.model.sparse_rows import sparse_of


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setattr(given_sparse, "DENSE_BYTES", 0)
    rng = np.random.default_rng(0)
    dense = np.where(rng.random((120, 90)) < 0.1, rng.normal(size=(120, 90)), 0)
    log = open_in_memory({"texts": scipy.sparse.csr_matrix(dense)})
    (entry,) = log.entries
    assert (entry.shape, entry.dtype) == ((120, 90), "float32")
    return log.load(entry)


def test_a_job_gives_what_the_public_call_does(projections: Projections, data: Dataset) -> None:
    params: dict[str, Any] = {"n_epochs": 10, "n_components": 2}
    assert sparse_of(data.vectors) is not None
    found = projections.start("id", data, "umap", params)
    assert found.job is not None
    got = found.job.result(120)
    expected = projector.project(data, "umap", **params)
    np.testing.assert_array_equal(got.positions, expected.positions)
    quality = projections.measure_quality(found.id, data, 9).quality_result
    assert quality is not None
    assert quality.job is not None
    wanted = projector.quality(data, expected, 9).scores.means()
    assert quality.job.result(120).scores.means() == wanted


def test_a_matrix_without_numbers_has_all_points_in_one_place(
    projections: Projections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(given_sparse, "DENSE_BYTES", 0)
    nothing = Dataset(scipy.sparse.csr_matrix(np.zeros((40, 30))))
    found = projections.start("id", nothing, "pca", {})
    assert found.job is not None
    assert not found.job.result(120).positions.any()
