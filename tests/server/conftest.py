from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from projector.server.application import create_app
from tests.conftest import write_log


@pytest.fixture
def session(
    tmp_path: Path, blobs: np.ndarray[tuple[int, int], np.dtype[np.float32]]
) -> Iterator[Session]:
    made = Session(write_log(tmp_path / "runs", blobs), watch=False)
    made.wait()
    yield made
    made.close()


@pytest.fixture
def client(session: Session) -> FlaskClient:
    return create_app(session).test_client()


@pytest.fixture
def dataset(session: Session) -> str:
    return session.listing.entries[0].id
