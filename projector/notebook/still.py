"""The still picture: what a notebook shows of a widget when its kernel is gone.

It is an output of its own beside the widget's. The widget hides it while it is there itself; in a
saved notebook, an export or a preview it is what people see.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from typing import Any

from projector.notebook.kernel import in_kernel

PNG = b"\x89PNG\r\n\x1a\n"
_RUN_AGAIN = "Run the cell again to explore it."


class StillPicture:
    """The output with the picture.

    Parameters
    ----------
    key : str
        Letters and digits; the widget hides the output by it.
    title : callable
        Returns what is shown, in a few words: a log directory may still be looked through.
    """

    def __init__(self, key: str, title: Callable[[], str]) -> None:
        self._key = key
        self._title = title
        self._is_published = False

    def publish(self) -> None:
        """Add the output to the cell that runs now; without a picture until the page sends one."""
        if in_kernel():
            from IPython.display import display

            display(self._bundle(None), raw=True, display_id=self._key)
            self._is_published = True

    def show(self, png: bytes) -> None:
        """Put a picture into the output; anything but a PNG is ignored."""
        if self._is_published and png.startswith(PNG):
            from IPython.display import update_display

            update_display(self._bundle(png), raw=True, display_id=self._key)

    def _bundle(self, png: bytes | None) -> dict[str, Any]:
        title = self._title()
        shown = html.escape(title)
        picture = ""
        if png is not None:
            data = base64.b64encode(png).decode()
            picture = (
                f'<img src="data:image/png;base64,{data}" alt="{shown}" style="max-width: 100%">'
            )
        return {
            "text/plain": f"projector: {title}. {_RUN_AGAIN}",
            "text/html": (
                f'<div class="projector-still-{self._key}">{picture}'
                f"<p>projector: {shown}. {_RUN_AGAIN}</p></div>"
            ),
        }
