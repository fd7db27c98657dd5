"""The page in cells of the real JupyterLab, in Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, expect

from tests.browser.acting import until
from tests.browser.jupyter import Jupyter, OpenNotebook, running_jupyter

pytestmark = pytest.mark.browser

SHOW = """
import numpy as np, projector
rng = np.random.default_rng(0)
w = projector.show({"one": rng.normal(size=(500, 8)).astype("f4")}, height=500)
w
"""
OTHER = """
v = projector.Projection(rng.normal(size=(200, 2)), "made", {})
v
"""


@pytest.fixture(scope="module")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    with running_jupyter(tmp_path_factory.mktemp("jupyter")) as found:
        yield found


@contextmanager
def notebook(
    browser: Browser, jupyterlab: Jupyter, name: str, *cells: str
) -> Iterator[OpenNotebook]:
    """Open a notebook; nothing of ours may complain, and nothing leave the machine."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    away: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda asked: away.append(asked.url))
    try:
        # Without cells it is there already.
        path = jupyterlab.write(name, cells) if cells else jupyterlab.folder / name
        yield OpenNotebook(page, jupyterlab, path)
    finally:
        context.close()
    assert errors == []
    own = (jupyterlab.url, "blob:", "data:")
    assert [url for url in away if not url.startswith(own)] == []


def selected(frame: Frame) -> list[int]:
    found: list[int] = frame.evaluate("window.projector.state().selection")
    return found


def theme(frame: Frame) -> str:
    found: str = frame.evaluate("window.projector.state().theme")
    return found


def test_a_selection_goes_both_ways_and_no_port_is_opened(
    browser: Browser, jupyterlab: Jupyter
) -> None:
    ports = (
        "import os, psutil\n"
        "print(len([c for c in psutil.Process().net_connections('inet') if c.status == 'LISTEN']))"
    )
    cells = (ports, SHOW, "print(w.selection.indices.tolist())", "w.selection = [7, 8]", ports)
    with notebook(browser, jupyterlab, "selection.ipynb", *cells) as opened:
        opened.run(0)
        opened.run(1)
        frame = opened.frame()
        frame.evaluate("window.projector.select([1, 2, 3])")
        until(
            opened.page, lambda: _printed_after(opened, 2) == "[1, 2, 3]\n", "the page's selection"
        )
        opened.run(3)
        until(opened.page, lambda: selected(frame) == [7, 8], "Python's selection")
        opened.run(4)
        assert opened.printed(4) == opened.printed(0)
        # A notebook may take a cell out of its document: the page starts anew, as it was.
        opened.page.locator("iframe[title=projector]").evaluate(
            "frame => { const cell = frame.parentNode; frame.remove(); cell.append(frame); }"
        )
        until(opened.page, lambda: selected(opened.frame()) == [7, 8], "the same page again")


def _printed_after(opened: OpenNotebook, at: int) -> str:
    opened.run(at)
    return opened.printed(at)


def test_the_page_answers_while_a_cell_runs(browser: Browser, jupyterlab: Jupyter) -> None:
    # The cell ends when the page has asked something and was answered meanwhile.
    wait = (
        "import time\n"
        "while not len(w.selection): time.sleep(0.05)\n"
        "print(w.selection.indices.tolist())"
    )
    # So many points that the layout takes a while: its frames are seen.
    cells = (SHOW.replace("500, 8", "5000, 8"), wait)
    with notebook(browser, jupyterlab, "busy.ipynb", *cells) as opened:
        opened.run(0)
        frame = opened.frame()
        opened.start(1)
        frame.get_by_role("tab", name="t-SNE").click()
        frame.get_by_role("button", name="Run t-SNE").click()
        until(
            opened.page,
            lambda: (
                frame.evaluate("window.projector.stats().streamedFrames") > 0
                and frame.evaluate("window.projector.state().method") == "tsne"
            ),
            "a layout that moves, while the cell runs",
            seconds=240,  # on a new machine its code is compiled first
        )
        assert opened.printed(1) == ""
        frame.evaluate("window.projector.select([4, 5])")
        until(opened.page, lambda: opened.printed(1) == "[4, 5]\n", "the end of the cell")
        expect(frame.get_by_text("The kernel is busy")).to_have_count(0)


def test_16_megabytes_are_uploaded(browser: Browser, jupyterlab: Jupyter) -> None:
    with notebook(browser, jupyterlab, "upload.ipynb", SHOW) as opened:
        opened.run(0)
        frame = opened.frame()
        # 62,500 points in 64 dimensions: a file of 16 MB, made where it is dropped.
        frame.evaluate(
            """() => {
                const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (62500, 64), }";
                const head = new TextEncoder().encode("\\x93NUMPY").length;
                const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
                const text = header.padEnd(length - 1) + "\\n";
                const start = new Uint8Array(10 + length);
                start.set([0x93, 78, 85, 77, 80, 89, 1, 0, length & 255, length >> 8]);
                start.set(new TextEncoder().encode(text), 10);
                const numbers = new Float32Array(62500 * 64).map((_, i) => Math.sin(i * i));
                const file = new File([start, numbers], "large.npy");
                const data = new DataTransfer();
                data.items.add(file);
                for (const name of ["dragenter", "dragover", "drop"]) {
                    const event = new DragEvent(name, {
                        dataTransfer: data, bubbles: true, cancelable: true,
                    });
                    document.body.dispatchEvent(event);
                }
            }"""
        )
        until(
            opened.page,
            lambda: frame.evaluate("window.projector.state().tensor") == "large",
            "the dropped file",
        )


def test_a_kernel_that_is_busy_or_gone_is_said(
    browser: Browser, jupyterlab: Jupyter, tmp_path: Path
) -> None:
    flag = tmp_path / "go"
    wait = f"import os, time\nwhile not os.path.exists({str(flag)!r}): time.sleep(0.05)"
    with notebook(browser, jupyterlab, "kernel.ipynb", SHOW, wait) as opened:
        # As with a kernel that knows no subshells.
        opened.kernel("kernel.commsOverSubshells = 'disabled'")
        opened.run(0)
        frame = opened.frame()
        banner = frame.get_by_role("alert").filter(has_text="kernel")
        opened.start(1)
        frame.evaluate("window.projector.select([1])")
        expect(banner).to_have_text("The kernel is busy; answers come when the cell ends.")
        flag.touch()
        expect(banner).to_have_count(0)
        opened.kernel("kernel.restart()")
        expect(banner).to_have_text(
            "The kernel has ended or was restarted. Run the cell again; the plot stays as it is."
        )
        assert selected(frame) == [1]


FILES = """
import pathlib, tempfile, wave
import numpy as np, projector
from PIL import Image
folder = pathlib.Path(tempfile.mkdtemp())
np.save(folder / "points.npy", np.random.default_rng(0).normal(size=(3, 4)))
(folder / "metadata.tsv").write_text("sound\\tpicture\\n" + "a.wav\\ta.png\\n" * 3)
Image.new("RGB", (5, 7), "red").save(folder / "a.png")
with wave.open(str(folder / "a.wav"), "wb") as sound:
    sound.setnchannels(1); sound.setsampwidth(2); sound.setframerate(8000)
    sound.writeframes(bytes(16000))
w = projector.show(folder)
w
"""


def test_images_and_sounds_come_over_the_channel(browser: Browser, jupyterlab: Jupyter) -> None:
    with notebook(browser, jupyterlab, "files.ipynb", FILES) as opened:
        opened.run(0)
        frame = opened.frame()
        frame.evaluate("window.projector.select([1])")
        picture = frame.locator(".media-image img")
        sound = frame.locator("audio")
        for element in (picture, sound):
            expect(element).to_have_attribute("src", re.compile("^blob:"))
        until(opened.page, lambda: picture.evaluate("each => each.naturalHeight") == 7, "the image")
        until(opened.page, lambda: sound.evaluate("each => each.duration") == 1, "the sound")


def test_a_saved_notebook_has_a_picture_that_the_widget_hides(
    browser: Browser, jupyterlab: Jupyter
) -> None:
    with notebook(browser, jupyterlab, "saved.ipynb", SHOW) as opened:
        opened.run(0)
        opened.frame()

        def still() -> str:
            outputs = opened.saved()["cells"][0]["outputs"]
            return "".join(outputs[0]["data"].get("text/html", ""))

        until(opened.page, lambda: "data:image/png" in still(), "the picture in the file")
        assert "Run the cell again" in still()
        # The page itself is not in the file.
        assert len(opened.saved()["cells"][0]["outputs"]) == 2
        assert len(str(opened.saved())) < 1_000_000
        picture = opened.page.locator("[class^=projector-still]")
        expect(picture).to_be_hidden()
        saved = opened.saved()
    # Another kernel does not know the widget.
    (jupyterlab.folder / "reopened.ipynb").write_text(json.dumps(saved), "utf-8")
    with notebook(browser, jupyterlab, "reopened.ipynb") as opened:
        expect(opened.page.get_by_role("img", name="in memory, 1 embedding")).to_be_visible()
        expect(opened.page.get_by_text("Run the cell again to explore it.")).to_be_visible()


def test_two_widgets_are_two_pages_and_dark_follows_the_notebook(
    browser: Browser, jupyterlab: Jupyter
) -> None:
    with notebook(browser, jupyterlab, "two.ipynb", SHOW, OTHER) as opened:
        opened.run(0)
        opened.run(1)
        first, second = opened.frame(0), opened.frame(1)
        first.evaluate("window.projector.select([1])")
        second.evaluate("window.projector.select([2])")
        until(opened.page, lambda: (selected(first), selected(second)) == ([1], [2]), "both")
        # A projection shows itself, by its positions as they are.
        assert second.evaluate("window.projector.state().method") == "given"
        assert theme(first) == "light"
        title, address = opened.page.title(), opened.page.url
        opened.execute("apputils:change-theme", theme="JupyterLab Dark")
        until(opened.page, lambda: theme(first) == theme(second) == "dark", "the dark theme")
        assert (opened.page.title(), opened.page.url) == (title, address)
        opened.execute("apputils:change-theme", theme="JupyterLab Light")
