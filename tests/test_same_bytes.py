"""The same data, parameters and seed give the same bytes everywhere, with nothing cached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import projector
from projector.api.session.session import Session
from projector.cli import main
from projector.jobs.cache import ResultCache

PARAMS: dict[str, dict[str, Any]] = {
    "pca": {"n_components": 2},
    "tsne": {"n_iter": 60, "perplexity": 12.0, "random_state": 3},
    "umap": {"n_epochs": 60, "n_neighbors": 9, "random_state": 3},
}


@pytest.mark.slow
@pytest.mark.parametrize("method", PARAMS)
def test_page_command_line_and_python_agree(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    path = tmp_path / "vectors.npy"
    np.save(path, rng.normal(size=(400, 10)).astype(np.float32))
    params = PARAMS[method]

    by_python = projector.project(
        projector.load(path), method, cache=ResultCache(tmp_path / "python"), **params
    )

    session = Session(path, cache=ResultCache(tmp_path / "page"), watch=False)
    try:
        (entry,) = session.listing.entries
        data = session.dataset(entry.id).data
        computation = session.projections.start(entry.id, data, method, params)
        assert computation.job is not None
        by_page = computation.job.result(120)
    finally:
        session.close()

    monkeypatch.setenv("PROJECTOR_CACHE_DIR", str(tmp_path / "cli"))
    words = [w for k, v in params.items() for w in (f"--{k.replace('_', '-')}", str(v))]
    out = tmp_path / "map.npy"
    result = CliRunner().invoke(
        main, ["reduce", str(path), "--method", method, "--out", str(out), *words]
    )
    assert result.exit_code == 0, result.output

    assert by_page.positions.tobytes() == by_python.positions.tobytes()
    assert np.load(out).tobytes() == by_python.positions.tobytes()
    assert by_page.params == by_python.params
