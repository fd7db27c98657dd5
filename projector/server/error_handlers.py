"""Turns errors into HTTP responses."""

from __future__ import annotations

import logging
import traceback

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from projector.errors import (
    ConflictError,
    DataError,
    InvalidStateError,
    JobError,
    ParameterError,
    ProjectorError,
    RequestError,
    SaveError,
    UnknownNameError,
)
from projector.server.responses import json_reply

_LOGGER = logging.getLogger("projector")

_STATUS: tuple[tuple[type[ProjectorError], int], ...] = (
    (UnknownNameError, 404),
    (ParameterError, 400),
    (DataError, 400),
    (JobError, 500),
    (ConflictError, 409),
    (InvalidStateError, 409),
    (SaveError, 507),
)


def status_of(error: ProjectorError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, RequestError):
        return error.status
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def error_response(kind: str, message: str, status: int) -> Response:
    """Return the response that every error has (docs/wire.md)."""
    return json_reply({"error": {"type": kind, "message": message}}, status=status)


def handle_errors(app: Flask) -> None:
    """Make every error of `app` such a response."""

    @app.errorhandler(ProjectorError)
    def known(error: ProjectorError) -> Response:
        response = error_response(type(error).__name__, str(error), status_of(error))
        if response.status_code == 503:
            response.headers["Retry-After"] = "2"
        return response

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        return error_response("RequestError", error.description or error.name, status)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        _LOGGER.error("%s", "".join(traceback.format_exception(error)))
        message = f"Internal error in projector ({type(error).__name__}: {error})."
        return error_response("InternalError", message, 500)
