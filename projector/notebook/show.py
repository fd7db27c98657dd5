"""What people call in a notebook: `show`, and the rich display of servers and projections."""

from __future__ import annotations

import html
import weakref
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from projector.api.session.demo import source_or_demo
from projector.api.session.session import Session
from projector.api.session.text_queries import Embed
from projector.errors import MachineError, ParameterError
from projector.notebook.kernel import in_kernel, running_cell
from projector.notebook.replaced import PagesOfCells
from projector.rich_display import MimeBundle
from projector.server.server import Server, opening_view

if TYPE_CHECKING:
    from projector.notebook.widget import NotebookPage

#: CSS pixels: the panels and a plot that is nearly square.
HEIGHT = 620
_LEAST_HEIGHT, _MOST_HEIGHT = 200, 10_000
MISSING = (
    'To see the page in a cell, run: pip install "projector[notebook]" and restart the kernel.'
)

_of_cells = PagesOfCells()
#: The page of each value that a cell has shown by itself, so that it is made once.
_pages: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()


def show(
    source: Any = None,
    *,
    height: int = HEIGHT,
    read_only: bool = False,
    embed: Embed | None = None,
) -> NotebookPage:
    """Return the page as a widget; see `projector.show`."""
    if isinstance(height, bool) or not isinstance(height, int):
        raise ParameterError(f"'height' must be a whole number of pixels. Got {height!r}.")
    if not _LEAST_HEIGHT <= height <= _MOST_HEIGHT:
        raise ParameterError(
            f"'height' must be between {_LEAST_HEIGHT} and {_MOST_HEIGHT:,} pixels. Got {height}."
        )
    if not _is_installed():
        raise MachineError(
            f"{MISSING} Without it, projector.serve opens the page in a tab of its own."
        )
    page = _page_of(source, height=height, read_only=read_only, embed=embed)
    _of_cells.add(page, running_cell())
    return page


def _page_of(source: Any, *, height: int, read_only: bool, embed: Embed | None) -> NotebookPage:
    from projector.notebook.widget import NotebookPage

    if isinstance(source, Server):
        return NotebookPage(source.session, height=height, read_only=source.read_only or read_only)
    shown, is_demo = source_or_demo(source)
    session = Session(shown, save_sidecars=not is_demo and not read_only, embed=embed)
    return NotebookPage(
        session,
        height=height,
        address=opening_view(source),
        read_only=read_only,
        on_close=session.close,
    )


def bundle_of(value: Any) -> MimeBundle:
    """Return how a cell shows a server or a projection; empty where there is no notebook."""
    if not in_kernel():
        return {}
    page = _pages.get(id(value))
    if page is None or page.comm is None:
        try:
            page = show(value)
        except MachineError as error:
            text = getattr(value, "_repr_html_", lambda: html.escape(repr(value)))()
            return {"text/html": f"{text}<p>{html.escape(str(error))}</p>"}
        _pages[id(value)] = page
        # Another value may get the same identity once this one is gone.
        weakref.finalize(value, _pages.pop, id(value), None)
    bundle, _ = page._repr_mimebundle_()
    return {**bundle, "text/plain": repr(value)}


def _is_installed() -> bool:
    return find_spec("anywidget") is not None
