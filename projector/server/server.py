"""The running server: binds a port, serves from threads, and closes cleanly."""

from __future__ import annotations

import contextlib
import errno
import html
import re
import secrets
import socket
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from projector.api.session.in_memory import Source
from projector.api.session.session import Session
from projector.api.session.shared_selection import find_entry
from projector.api.session.text_queries import Embed
from projector.api.watch import POLL_SECONDS
from projector.errors import ParameterError
from projector.model.listing import Entry
from projector.model.projection import Projection
from projector.model.selection import Selection
from projector.rich_display import MimeBundle, mime_bundle
from projector.server.access import access_policy
from projector.server.addresses import is_loopback
from projector.server.application import application, gate_of
from projector.server.budget import budget
from projector.server.connections.listener import Listener

#: What an address and a cookie can hold as it is, and nobody guesses.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")


class Server:
    """A running server, and what is selected in its pages. Returned by `projector.serve`.

    Use it as a context manager, or call `close`. Safe from any thread.

    Attributes
    ----------
    url : str
        The address to open, with the token if one is required.
    port : int
        Where it listens.
    session : Session
    read_only : bool
        Whether pages may change nothing that others see.
    """

    def __init__(
        self,
        source: Source,
        *,
        host: str = "127.0.0.1",
        port: int = 6006,
        save_sidecars: bool = True,
        allowed_hosts: Sequence[str] = (),
        behind_proxy: bool = False,
        frame_origins: Sequence[str] = (),
        public_url: str | None = None,
        read_only: bool = False,
        token: str | None = None,
        open_to_all: bool = False,
        embed: Embed | None = None,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        policy = access_policy(
            token=_token(host, token, open_to_all=open_to_all, read_only=read_only),
            allowed_hosts=allowed_hosts,
            behind_proxy=behind_proxy,
            frame_origins=frame_origins,
            public_url=public_url,
            read_only=read_only,
        )
        listening = _bind(host, port)
        try:
            keeps = save_sidecars and not read_only
            self.session = Session(
                source, save_sidecars=keeps, embed=embed, poll_seconds=poll_seconds
            )
        except BaseException:
            listening.close()
            raise
        app = application(self.session, policy)
        # The application reads the headers of a proxy; without a proxy nobody may.
        self._listener = Listener(app, gate_of(app), budget(), listening, forwarded=behind_proxy)
        self.port: int = listening.getsockname()[1]
        own = f"http://{_host_in_url(host)}:{self.port}/"
        self._address = own if policy.public_url is None else str(policy.public_url)
        token = policy.token
        self._has_token = token is not None
        self.read_only = read_only
        self._view = opening_view(source)
        self.url = self._address + (f"?token={token}" if token else "") + self._view
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._listener.run, name="server", daemon=True)
        self._thread.start()

    @property
    def selection(self) -> Selection:
        """The current selection, from the page that changed it last or from Python.

        If it is empty, its run, name and step still tell what that page shows.
        """
        return self.session.selection.now().selection

    def select(
        self,
        indices: Any,
        *,
        run: str | None = None,
        name: str | None = None,
        step: int | None = None,
    ) -> Selection:
        """Select rows; every open page shows them.

        Parameters
        ----------
        indices : array-like of int, or of n_points bool
            Rows of the Dataset, or one bool per row; an empty list clears the selection.
        run, name : str, optional
        step : int, optional
            The tensor; by default that of the current selection.

        Returns
        -------
        Selection
            Rows ascending, without repetition. A page can undo it like any other selection.

        Raises
        ------
        ParameterError
            `indices` are neither rows nor bools, or a row is out of range.
        UnknownNameError
            The run, name or step does not exist.
        """
        self.session.wait()
        selected = self.session.selection.select_from_python(indices, run, name, step)
        return selected.selection

    def find(
        self, *, run: str | None = None, name: str | None = None, step: int | None = None
    ) -> Entry:
        """Return the entry that these mean; what is left out is that of the selection.

        Raises
        ------
        UnknownNameError
            There is none; the message lists what there is.
        """
        self.session.wait()
        current = self.session.selection.now().selection
        return find_entry(self.session.listing_now, current, run, name, step)

    def wait_for_selection(self, timeout: float | None = None) -> Selection | None:
        """Wait until points are selected in a page, and return the selection.

        Parameters
        ----------
        timeout : float, optional
            The longest time to wait, in seconds; without limit by default.

        Returns
        -------
        Selection or None
            The next selection in a page after this call, never an empty one. None after
            `timeout`, or if the server is closed meanwhile.
        """
        return self.session.selection.wait(timeout)

    def __repr__(self) -> str:
        if self._closed.is_set():
            return "<projector: closed>"
        return f"<projector at {self._address}: {self._summary()}>"

    def _repr_html_(self) -> str:
        if self._closed.is_set():
            return "projector: closed"
        # A link, because only the page's own origin may frame it; without the token, because a
        # notebook's outputs are saved in files and sent to others.
        link = html.escape(self._address + self._view)
        hint = " (first open the address in <code>.url</code>, which contains the token)"
        return (
            f'<a href="{link}" target="_blank" rel="noopener">Open projector</a>: '
            f"{html.escape(self._summary())}{hint if self._has_token else ''}"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> MimeBundle:
        """Show the page in the cell of a notebook, over the notebook's own channel."""
        return {} if self._closed.is_set() else mime_bundle(self)

    def _summary(self) -> str:
        """Return in a few words what is shown and selected."""
        n_selected = len(self.selection)
        return self.session.listing_now.title + (f", {n_selected:,} selected" if n_selected else "")

    def wait(self) -> None:
        """Wait until the server is closed."""
        # With a timeout in a loop, because Ctrl-C does not interrupt an endless wait everywhere.
        while not self._closed.wait(1.0):
            continue

    def close(self) -> None:
        """Stop serving, cancel all jobs, and delete temporary files."""
        if self._closed.is_set():
            return
        self._closed.set()
        self.session.close()
        # The streams have ended with the session; their threads still send the last bytes.
        self._listener.task_dispatcher.shutdown(timeout=2)
        # Only the thread of the sockets may touch them.
        self._listener.pull_trigger(self._disconnect)
        self._thread.join(timeout=3)

    def _disconnect(self) -> None:
        """Close every connection: a page that keeps one open would wait forever."""
        for connection in self._listener.connections:
            connection.disconnect()
        self._listener.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _token(host: str, given: str | None, *, open_to_all: bool, read_only: bool) -> str | None:
    """Return the token that every request needs; None if none does."""
    if open_to_all:
        if given is not None:
            raise ParameterError("--open-to-all asks for no token. Leave out --token, or this.")
        if not read_only:
            raise ParameterError(
                "--open-to-all needs --read-only: anybody could change tags, and upload files. To "
                "let in those who may, use --token."
            )
        return None
    if given is None:
        return None if is_loopback(host) else secrets.token_urlsafe(18)
    if _TOKEN.fullmatch(given) is None:
        raise ParameterError(
            "--token takes 16 to 200 letters, digits, hyphens and underscores, by chance, such as "
            "`openssl rand -hex 16` prints."
        )
    return given


def opening_view(source: Source) -> str:
    """Return the end of the address that a source opens with: its "#", or nothing."""
    # A projection is shown by its positions as they are, without another method.
    if isinstance(source, Projection):
        return f"#method=given&dims={source.n_components}"
    return ""


def _bind(host: str, port: int) -> socket.socket:
    """Return a bound socket, or raise ParameterError."""
    name = host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with contextlib.ExitStack() as on_failure:
            listener = on_failure.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            on_failure.pop_all()
        return listener
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ParameterError(
                f"Port {port} is in use. Choose another one, or use --port 0 for any free port."
            ) from None
        raise ParameterError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}."
        ) from None
    except OverflowError:
        raise ParameterError(f"A port is a number from 0 to 65,535. Got {port}.") from None


def _host_in_url(host: str) -> str:
    name = host.strip("[]")
    if name in ("0.0.0.0", "::", ""):
        return socket.gethostname()
    return f"[{name}]" if ":" in name else name
