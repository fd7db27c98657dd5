"""The page below a route of TensorBoard: its session is opened by the first who asks."""

from __future__ import annotations

import atexit
import html
import json
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from projector.errors import ProjectorError, RequestError
from projector.tensorboard.foreign_pages import is_foreign

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from projector.api.session.session import Session

#: What is below the plug-in's own route: the page, its script for TensorBoard, and the reload.
PAGE, SCRIPT, RELOAD = "/page", "/tab.js", "/reload"

_LOGGER = logging.getLogger("projector")
_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'"),
    ("Referrer-Policy", "no-referrer"),
)
_SENTENCE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="color-scheme" content="light dark"><title>Projector+</title>
<p role="alert">{}</p></html>
"""


class MountedPage:
    """Serves the page of log directories below a route of another program.

    Whatever goes wrong is one sentence in its place; the other program goes on.

    Parameters
    ----------
    directories : callable
        Returns the log directories (see `log_directories`), or raises a ProjectorError.
    read_only : bool
        Whether requests that change what others see are refused.
    """

    def __init__(self, directories: Callable[[], Sequence[str]], *, read_only: bool) -> None:
        self._directories = directories
        self._read_only = read_only
        self._lock = threading.Lock()
        self._opened: tuple[Session, WSGIApplication] | None = None

    @property
    def session(self) -> Session | None:
        """What the page shows; None as long as nobody has opened it."""
        return None if self._opened is None else self._opened[0]

    def page(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request whose path has ``/page`` in it; what is before that is its root."""
        path = environ.get("PATH_INFO", "")
        before, _, below = path.partition(PAGE)
        inner = {
            **environ,
            "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + before + PAGE,
            "PATH_INFO": below,
        }
        if is_foreign(environ):
            refused = RequestError(
                "Requests from a page of another site are not allowed.", status=403
            )
            return _tell(str(refused), 403, start_response)
        try:
            _, app = self._open()
        except Exception as error:  # noqa: BLE001 - TensorBoard goes on, whatever this is
            return _tell(_sentence(error), 503, start_response)
        return app(inner, start_response)

    def script(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send what TensorBoard runs in the frame of the tab."""
        from projector.server.static_files import tab_file

        try:
            body = tab_file().read_bytes()
        except (ProjectorError, OSError) as error:
            told = json.dumps(_sentence(error))
            body = (
                f"export const render = () => {{ document.body.textContent = {told}; }};".encode()
            )
        return _send(body, "text/javascript; charset=utf-8", "200 OK", start_response)

    def reload(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Look at the log directories again: TensorBoard's button and its timer ask for it."""
        if environ.get("REQUEST_METHOD") != "POST" or is_foreign(environ):
            return _tell("Only the tab itself asks for this, by POST.", 403, start_response)
        try:
            session = self.session
            if session is not None and session.listing_now.n_seen is None:
                session.refresh()
        except Exception as error:  # noqa: BLE001 - TensorBoard goes on, whatever this is
            return _tell(_sentence(error), 503, start_response)
        return _send(b"{}", "application/json", "200 OK", start_response)

    def close(self) -> None:
        """End the session and its processes; the next who asks opens another one."""
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            atexit.unregister(self.close)
            opened[0].close()

    def _open(self) -> tuple[Session, WSGIApplication]:
        with self._lock:
            if self._opened is None:
                # All that TensorBoard does not need is imported by the first who opens the tab.
                from projector.api.session.session import Session
                from projector.server.application import create_app

                directories = self._directories()
                # A failure is not kept: the directory may be there when it is asked for again.
                session = Session(
                    directories[0] if len(directories) == 1 else tuple(directories),
                    save_sidecars=not self._read_only,
                )
                # TensorBoard has no word for the end of a plug-in.
                atexit.register(self.close)
                app = create_app(session, embedded=True, read_only=self._read_only)
                self._opened = session, app.wsgi_app
            return self._opened


def _sentence(error: Exception) -> str:
    """Return what is told of an error; what nobody has foreseen goes to the log, too."""
    if isinstance(error, (ProjectorError, OSError)):
        return str(error)
    _LOGGER.error("Projector+ could not be opened", exc_info=error)
    return f"Projector+ could not be opened ({type(error).__name__}: {error})."


def _tell(sentence: str, status: int, start_response: StartResponse) -> Iterable[bytes]:
    body = _SENTENCE.format(html.escape(sentence)).encode()
    reason = {403: "Forbidden", 503: "Service Unavailable"}[status]
    return _send(body, "text/html; charset=utf-8", f"{status} {reason}", start_response)


def _send(body: bytes, kind: str, status: str, start_response: StartResponse) -> Iterable[bytes]:
    sized = ("Content-Length", str(len(body)))
    start_response(status, [*_HEADERS, ("Content-Type", kind), sized])
    return [body]
