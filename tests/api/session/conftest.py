"""What tests of the session share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from projector.api.session.computations import Projections
from projector.jobs.cache import ResultCache


@pytest.fixture
def projections(tmp_path: Path) -> Iterator[Projections]:
    made = Projections(ResultCache(tmp_path), lambda computation: None)
    yield made
    made.close()
