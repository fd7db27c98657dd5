from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import projector
from projector.errors import MachineError, ParameterError
from projector.notebook import show as showing
from projector.notebook.kernel import in_kernel
from projector.notebook.still import PNG, StillPicture
from projector.server.static_files import page_folder
from tests.conftest import write_log

Blobs = np.ndarray[tuple[int, int], np.dtype[np.float32]]

needs_page = pytest.mark.skipif(
    page_folder() is None or not (Path(page_folder() or "") / "notebook").is_dir(),
    reason="the page is not built",
)


class Displayed:
    """What IPython's display was asked for."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    def display(self, bundle: dict[str, Any], *, raw: bool, display_id: str) -> None:
        assert raw
        self.calls.append(("display", display_id, bundle))

    def update_display(self, bundle: dict[str, Any], *, raw: bool, display_id: str) -> None:
        assert raw
        self.calls.append(("update", display_id, bundle))


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Displayed:
    """Pretend to run in a notebook's kernel."""
    shown = Displayed()
    shell = SimpleNamespace(kernel=object())
    fake = SimpleNamespace(get_ipython=lambda: shell, display=shown)
    monkeypatch.setitem(sys.modules, "IPython", fake)
    monkeypatch.setitem(sys.modules, "IPython.display", shown)
    return shown


@pytest.fixture
def without_anywidget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "find_spec", lambda name: None)


@needs_page
def test_a_widget_has_a_selection_both_ways(blobs: Blobs) -> None:
    w = projector.show(blobs)
    try:
        assert len(w.selection) == 0
        w.selection = [3, 17]
        assert w.selection.indices.tolist() == [3, 17]
        assert w.select(np.arange(300) < 2).indices.tolist() == [0, 1]
        with pytest.raises(ParameterError, match="300"):
            w.selection = [300]
    finally:
        w.close()


@needs_page
def test_a_widget_shows_what_serve_shows(blobs: Blobs, tmp_path: Path) -> None:
    projection = projector.Projection(blobs[:, :2], method="made", params={})
    log = write_log(tmp_path / "runs", blobs)
    sources: list[tuple[Any, str]] = [
        (log, ""),
        ({"a": blobs, "b": blobs}, ""),
        (projection, "#method=given&dims=2"),
    ]
    for source, address in sources:
        w = projector.show(source, height=400)
        try:
            assert (w.height, w.hash) == (400, address)
            assert w.session.listing.entries
        finally:
            w.close()


@needs_page
def test_a_server_and_its_widget_share_the_selection(blobs: Blobs) -> None:
    with projector.serve(blobs, port=0, read_only=True) as server:
        w = projector.show(server)
        w.selection = [5]
        assert server.selection.indices.tolist() == [5]
        w.close()
        # The server goes on: it is not the widget's.
        assert server.select([6]).indices.tolist() == [6]


@pytest.mark.parametrize("height", [199, 10_001, 3.5, True, "620"])
def test_a_height_is_a_number_of_pixels(height: Any) -> None:
    with pytest.raises(ParameterError, match="'height' must be"):
        projector.show(height=height)


@pytest.mark.usefixtures("without_anywidget")
def test_without_the_extra_one_sentence_names_it(blobs: Blobs) -> None:
    with pytest.raises(MachineError, match=r'pip install "projector\[notebook\]"'):
        projector.show(blobs)


@pytest.mark.usefixtures("without_anywidget", "kernel")
def test_without_the_extra_a_cell_shows_what_there_is(blobs: Blobs) -> None:
    projection = projector.Projection(blobs[:, :2], method="made", params={})
    bundle = projection._repr_mimebundle_()
    assert "pip install &quot;projector[notebook]&quot;" in bundle["text/html"]
    with projector.serve(blobs, port=0) as server:
        html = server._repr_mimebundle_()["text/html"]
        assert server.url in html
        assert "projector[notebook]" in html
    assert server._repr_mimebundle_() == {}


@pytest.mark.usefixtures("kernel")
def test_a_page_that_is_not_built_is_said_in_the_cell(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_built(*_: Any, **__: Any) -> None:
        raise MachineError("The page for notebooks has not been built. Run: make page")

    monkeypatch.setattr(showing, "_page_of", not_built)
    bundle = projector.Projection(blobs[:, :2], method="made", params={})._repr_mimebundle_()
    assert "Run: make page" in bundle["text/html"]


def test_outside_of_a_notebook_nothing_is_shown(blobs: Blobs) -> None:
    assert not in_kernel()
    assert projector.Projection(blobs[:, :2], method="made", params={})._repr_mimebundle_() == {}


@needs_page
def test_a_projection_is_shown_by_one_widget_however_often(blobs: Blobs, kernel: Displayed) -> None:
    projection = projector.Projection(blobs[:, :3], method="made", params={})
    first, again = (projection._repr_mimebundle_() for _ in range(2))
    view = "application/vnd.jupyter.widget-view+json"
    assert first[view]["model_id"] == again[view]["model_id"]
    assert first["text/plain"] == repr(projection)
    assert [what for what, _, _ in kernel.calls] == ["display", "display"]
    # More components than three cannot be drawn.
    assert projector.Projection(blobs[:, :5], "made", {})._repr_mimebundle_() == {}
    for page in [*showing._pages.values()]:
        page.close()


def test_a_still_picture_is_an_output_of_its_own(kernel: Displayed) -> None:
    still = StillPicture("k1", lambda: "runs <b>, 3 embeddings")
    still.show(PNG + b"early")
    assert kernel.calls == []
    still.publish()
    still.show(b"no picture")
    still.show(PNG + b"pixels")
    (_, first_id, first), (what, then_id, then) = kernel.calls
    assert (what, first_id, then_id) == ("update", "k1", "k1")
    assert "runs &lt;b&gt;, 3 embeddings" in first["text/html"]
    assert "<img" not in first["text/html"]
    assert 'class="projector-still-k1"><img src="data:image/png;base64,iVBOR' in then["text/html"]
    assert (
        then["text/plain"] == "projector: runs <b>, 3 embeddings. Run the cell again to explore it."
    )
