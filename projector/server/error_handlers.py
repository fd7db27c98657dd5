"""Turns errors into HTTP responses."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, Response
from waitress.utilities import Error
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from projector.errors import (
    ConflictError,
    DataError,
    InvalidStateError,
    JobError,
    MachineError,
    NoRoomForCopyError,
    ParameterError,
    ProjectorError,
    RequestError,
    SaveError,
    UnknownNameError,
)
from projector.machine.shortages import machine_error

_LOGGER = logging.getLogger("projector")

_MOST_LETTERS = 1000
_STATUS: tuple[tuple[type[ProjectorError], int], ...] = (
    (UnknownNameError, 404),
    (ParameterError, 400),
    (NoRoomForCopyError, 507),
    (DataError, 400),
    (JobError, 500),
    (ConflictError, 409),
    (InvalidStateError, 409),
    (SaveError, 507),
    (MachineError, 503),
)


@dataclass(frozen=True)
class ErrorAnswer:
    """What is answered to an error: its type, sentence and status, and headers besides."""

    kind: str
    message: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """Return the body that every error has (docs/wire.md)."""
        message = self.message
        if len(message) > _MOST_LETTERS:
            # It quotes a request, which may be as long as it likes.
            message = f"{message[: _MOST_LETTERS - 200]} … {message[-200:]}"
        # Escaped, so that it is UTF-8 whatever a message quotes.
        content = {"error": {"type": self.kind, "message": message}}
        return json.dumps(content).encode()


def answer_to(error: Exception) -> ErrorAnswer:
    """Return what is answered to an error."""
    error = machine_error(error) or error
    if isinstance(error, ProjectorError):
        status = status_of(error)
        headers = {"Retry-After": "2"} if status == 503 else {}
        return ErrorAnswer(type(error).__name__, str(error), status, headers)
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return ErrorAnswer("RequestError", f"This path takes {allowed}.", 405, {"Allow": allowed})
    if isinstance(error, HTTPException):
        return ErrorAnswer("RequestError", error.description or error.name, error.code or 500)
    message = f"Internal error in projector ({type(error).__name__}: {error})."
    return ErrorAnswer("InternalError", message, 500)


def as_exception(error: Error | Exception) -> Exception:
    """Return waitress's description of what is wrong with a request as an exception."""
    if isinstance(error, Exception):
        return error
    told = cast("Any", error)
    return RequestError(str(told.body).strip().rstrip(".") + ".", status=told.code)


def status_of(error: ProjectorError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, RequestError):
        return error.status
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def handle_errors(app: Flask) -> None:
    """Answer every error of `app` in the same form."""

    @app.errorhandler(ProjectorError)
    @app.errorhandler(HTTPException)
    def expected(error: Exception) -> Response:
        return _response(answer_to(error))

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        lacking = machine_error(error)
        if lacking is None:
            _LOGGER.error("%s", "".join(traceback.format_exception(error)))
        else:
            _LOGGER.warning("%s", lacking)
        return _response(answer_to(error))


def _response(answer: ErrorAnswer) -> Response:
    response = Response(answer.body(), answer.status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(answer.headers)
    return response
