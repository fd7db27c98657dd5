from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

import projector
from projector.server.server import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Serve 2,000 points in memory."""
    vectors = np.random.default_rng(5).normal(size=(2000, 8)).astype(np.float32)
    with projector.serve(vectors, port=0) as made:
        yield made


@pytest.fixture(scope="module")
def port(server: Server) -> int:
    return urlsplit(server.url).port or 0


@pytest.fixture
def temporary_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which kinds of temporary files were made meanwhile; unnamed ones are seen nowhere else."""
    made: list[str] = []
    for kind in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        make = getattr(tempfile, kind)

        def note(*given: Any, _kind: str = kind, _make: Any = make, **named: Any) -> Any:
            made.append(_kind)
            return _make(*given, **named)

        monkeypatch.setattr(tempfile, kind, note)
    return made
