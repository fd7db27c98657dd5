"""Sparse matrices that scipy saved: small ones are dense, large ones stay sparse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse

import projector
from projector.errors import LoadError
from projector.model.dataset import Dataset
from projector.model.sparse_rows import sparse_of

FORMS: dict[str, Any] = {
    "csr": scipy.sparse.csr_matrix,
    "csc": scipy.sparse.csc_array,
    "coo": scipy.sparse.coo_matrix,
}


def matrix(n_dims: int) -> Any:
    """Return 40 points with 300 numbers among many dimensions."""
    places = (np.arange(300) % 40, np.arange(300) * 7919 % n_dims)
    return scipy.sparse.coo_matrix((np.arange(1.0, 301.0), places), shape=(40, n_dims))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("n_dims", [50, 300_000])
def test_what_scipy_saved_is_one_embedding(form: str, n_dims: int, tmp_path: Path) -> None:
    given = FORMS[form](matrix(n_dims))
    scipy.sparse.save_npz(tmp_path / "texts.npz", given)
    (entry,) = projector.open_logdir(tmp_path).entries
    assert (entry.name, entry.shape, entry.dtype) == ("texts", (40, n_dims), "float64")
    data = projector.load(tmp_path / "texts.npz")
    assert data.content_hash == Dataset(given).content_hash
    assert (sparse_of(data.vectors) is None) == (n_dims == 50)
    assert len(data.warnings) == (n_dims == 50)


def test_a_damaged_matrix_is_one_sentence(tmp_path: Path) -> None:
    given = scipy.sparse.csr_matrix(matrix(50))
    given.indices[3] = 99
    scipy.sparse.save_npz(tmp_path / "x.npz", given)
    with pytest.raises(LoadError, match=r"'x\.npz' has indices that do not fit its shape"):
        projector.load(tmp_path / "x.npz")
    scipy.sparse.save_npz(tmp_path / "x.npz", scipy.sparse.bsr_matrix(matrix(50)))
    with pytest.raises(LoadError, match=r"of the form 'bsr', which is not read.*tocsr"):
        projector.load(tmp_path / "x.npz")
