"""The one place where an error becomes an answer."""

from __future__ import annotations

import logging
import traceback

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from projector.errors import (
    ChangedMeanwhile,
    DataError,
    JobFailed,
    NotSaved,
    ParameterError,
    ProjectorError,
    RequestError,
    UnknownName,
)
from projector.server.responses import json_reply

_LOGGER = logging.getLogger("projector")

_STATUS: tuple[tuple[type[ProjectorError], int], ...] = (
    (UnknownName, 404),
    (ParameterError, 400),
    (DataError, 400),
    (JobFailed, 500),
    (ChangedMeanwhile, 409),
    (NotSaved, 507),
)


def status_of(error: ProjectorError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, RequestError):
        return error.status
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def fault(kind: str, message: str, status: int) -> Response:
    """Return the one shape that every error has."""
    return json_reply({"error": {"type": kind, "message": message}}, status=status)


def handle_errors(app: Flask) -> None:
    """Make every error of `app` an answer in that shape."""

    @app.errorhandler(ProjectorError)
    def known(error: ProjectorError) -> Response:
        response = fault(type(error).__name__, str(error), status_of(error))
        if response.status_code == 503:
            response.headers["Retry-After"] = "2"
        return response

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        return fault("RequestError", error.description or error.name, status)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        _LOGGER.error("%s", "".join(traceback.format_exception(error)))
        message = f"projector met a defect of its own ({type(error).__name__}: {error})."
        return fault("InternalError", message, 500)
