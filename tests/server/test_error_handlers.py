from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from projector.errors import (
    Cancelled,
    ConflictError,
    InvalidStateError,
    JobError,
    LoadError,
    MemoryLimitError,
    ParameterError,
    ProjectorError,
    RequestError,
    SaveError,
    ShapeError,
    UnknownNameError,
)
from projector.server.error_handlers import status_of
from tests.conftest import ROOT
from tests.server.client_calls import get


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/datasets/x", "/projections/x", "/datasets/x/points/1", "/projections/x/frames"],
)
def test_every_error_has_the_same_shape(client: FlaskClient, path: str) -> None:
    error = get(client, path, 404)
    assert list(error) == ["error"]
    assert list(error["error"]) == ["type", "message"]


def test_an_unforeseen_error_has_it_too(client: FlaskClient, session: Session) -> None:
    session.wait()  # The first look asks the catalog, too.
    session.catalog = None  # type: ignore[assignment]
    error = get(client, "/log", 500)
    assert error["error"]["type"] == "InternalError"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnknownNameError("dataset", "x"), 404),
        (ParameterError("x"), 400),
        (ShapeError("x"), 400),
        (LoadError("x", "x"), 400),
        (InvalidStateError("x"), 409),
        (ConflictError("x"), 409),
        (MemoryLimitError("x"), 400),
        (JobError("x"), 500),
        (SaveError("x", "x"), 507),
        (RequestError("x", status=403), 403),
        (Cancelled(), 400),
    ],
)
def test_every_error_has_its_status(error: ProjectorError, status: int) -> None:
    assert status_of(error) == status


def test_the_document_names_the_errors_by_status() -> None:
    page = (ROOT / "docs" / "wire.md").read_text()
    for kind, status in (
        ("ParameterError", 400),
        ("DataError", 400),
        ("UnknownNameError", 404),
        ("ConflictError", 409),
        ("InvalidStateError", 409),
        ("SaveError", 507),
    ):
        assert re.search(rf"^\| [^|]*\b{status}\b[^|]*\|.*`{kind}`", page, re.MULTILINE), kind
