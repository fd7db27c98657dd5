"""The widget: the page in a cell. Imports anywidget, so only where it is installed."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from projector.api.session.session import Session
from projector.model.selection import Selection
from projector.notebook.channel import Channel
from projector.notebook.still import StillPicture
from projector.server.application import create_app
from projector.server.static_files import notebook_file


class NotebookPage(anywidget.AnyWidget):  # type: ignore[misc]
    """The page in a cell, and what is selected in it. Returned by `projector.show`.

    Display it in as many cells as you like. Safe from any thread.

    Attributes
    ----------
    session : Session
    height : int
        Of the cell, in CSS pixels.
    """

    _esm = notebook_file("widget.js")
    key = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    hash = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        session: Session,
        *,
        height: int,
        address: str = "",
        read_only: bool = False,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        key = secrets.token_hex(8)
        super().__init__(key=key, height=height, hash=address)
        self.session = session
        self._on_close = on_close
        self._still = StillPicture(key, self._title)
        app = create_app(session, embedded=True, read_only=read_only)
        self._is_retired = False
        self._channel = Channel(
            app, self.send, on_picture=self._still.show, on_left=self._close_if_retired
        )
        self.on_msg(self._receive)

    @property
    def selection(self) -> Selection:
        """The selection, from the page that changed it last or from Python; set it to select.

        Rows of the Dataset, or one bool per row; an empty list clears the selection.
        """
        return self.session.selection.now().selection

    @selection.setter
    def selection(self, indices: Any) -> None:
        self.select(indices)

    def select(
        self,
        indices: Any,
        *,
        run: str | None = None,
        name: str | None = None,
        step: int | None = None,
    ) -> Selection:
        """Select rows; every open page shows them. See `Server.select`."""
        self.session.wait()
        return self.session.selection.select_from_python(indices, run, name, step).selection

    def retire(self) -> None:
        """Close as soon as no page is open: the cell that made this was run again."""
        self._is_retired = True
        self._close_if_retired()

    def close(self) -> None:
        """Take the page out of its cells, and end what works for it alone."""
        self._channel.close()
        super().close()
        self._on_close()

    def __repr__(self) -> str:
        return f"<projector: {self._title()}>"

    def _close_if_retired(self) -> None:
        if self._is_retired and not self._channel.has_pages:
            # Workers take a moment to end, and the kernel's messages wait for this call.
            threading.Thread(target=self.close, name="close", daemon=True).start()

    def _title(self) -> str:
        listing = self.session.listing_now
        # A count of what was found so far would soon be wrong.
        return listing.title if listing.n_seen is None else listing.root.name

    def _receive(self, _: object, content: object, buffers: Any) -> None:
        self._channel.receive(content, buffers or ())

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the widget, after an output with its still picture."""
        self._still.publish()
        return super()._repr_mimebundle_(**kwargs)
