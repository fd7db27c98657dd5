"""A read-only server's page: whatever is pressed in it, nothing is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import projector
from tests.browser.acting import still_box
from tests.browser.conftest import Visit, a_page
from tests.conftest import DEMO

pytestmark = pytest.mark.browser

#: What only a server that may be changed offers.
FORBIDDEN = ("Open a file", "Open the demo", "Tag", "Pause", "Resume", "Stop", "Perturb")

#: Presses every button that is there, once, and leaves what that opens. Full screen and files to be
#: chosen need a person.
PRESS_ALL = """async () => {
    const name = each => each.getAttribute('aria-label') || each.innerText || each.title;
    const seen = new Set();
    for (;;) {
        const next = [...document.querySelectorAll('button')].find(each =>
            each.checkVisibility() && !each.disabled && !seen.has(name(each)) &&
            !/^(Full screen|Open file)/.test(name(each)));
        if (!next || seen.size > 200) return seen.size;
        seen.add(name(next));
        next.click();
        await new Promise(requestAnimationFrame);
        for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
    }
}"""


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    with (
        projector.serve(DEMO, port=0, read_only=True) as server,
        a_page(browser, server.url) as made,
    ):
        statuses: list[tuple[int, str]] = []
        made.page.on("response", lambda answer: statuses.append((answer.status, answer.url)))
        yield made
        assert [each for each in statuses if each[0] >= 400] == []


def forbidden_in(page: Page) -> list[str]:
    """Return the names of controls and commands that should not be there."""
    names = page.evaluate(
        """() => [...document.querySelectorAll('button, [role=option], [role=menuitem], input')]
            .filter(each => each.checkVisibility())
            .map(each => each.getAttribute('aria-label') || each.innerText || each.title)"""
    )
    return [name for name in names if name.strip().startswith(FORBIDDEN)]


def test_nothing_in_the_page_is_refused(visit: Visit) -> None:
    page = visit.open("#selected=3,4,5")
    expect(page.get_by_text("read-only", exact=True)).to_be_visible()
    visit.settle()
    assert forbidden_in(page) == []
    n_pressed = page.evaluate(PRESS_ALL)
    assert n_pressed > 15
    page.keyboard.press("Escape")
    visit.settle()
    assert forbidden_in(page) == []


def test_no_key_and_no_command_is_refused(visit: Visit) -> None:
    page = visit.open("#selected=3,4,5")
    for key in ("a", "Control+o", "s", "f", "Control+z", "Control+i", "Delete", "Control+d"):
        page.locator("body").press(key)
    assert forbidden_in(page) == []
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog")
    for text in FORBIDDEN:
        palette.get_by_role("combobox").fill(text)
        assert forbidden_in(page) == []
    page.keyboard.press("Escape")
    # A computation that nobody waits for any more goes on: it may be another's, too.
    page.get_by_role("tab", name="t-SNE").click()
    page.get_by_role("textbox", name="n_iter").fill("300")
    page.get_by_role("button", name="Run t-SNE").click()
    expect(page.get_by_role("progressbar").first).to_be_visible()
    assert forbidden_in(page) == []
    page.get_by_role("tab", name="PCA").click()
    visit.settle()


def test_files_and_selections_stay_in_the_page(visit: Visit, tmp_path: Path) -> None:
    page = visit.open()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(['1\\t2\\n'], 'x.tsv'));
            for (const kind of ['dragenter', 'dragover', 'drop'])
                document.querySelector('main').dispatchEvent(new DragEvent(kind,
                    {dataTransfer: data, bubbles: true, cancelable: true}));
        }"""
    )
    assert not page.get_by_text("Drop to open").is_visible()
    page.evaluate("window.projector.select([1, 2, 3])")
    box = still_box(page.locator("canvas").first)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visit.settle()
    assert not [url for url in visit.requests if "uploads" in url]
    page.keyboard.press("Control+z")
    visit.settle()


@pytest.mark.parametrize("read_only", [True, False])
def test_each_visitor_has_a_selection_of_their_own(browser: Browser, *, read_only: bool) -> None:
    with (
        projector.serve(DEMO, port=0, read_only=read_only) as server,
        a_page(browser, server.url) as one,
        a_page(browser, server.url) as other,
    ):
        for each in (one, other):
            each.open("#method=pca")
        one.page.evaluate("window.projector.select([3, 5])")
        other.page.evaluate("window.projector.select([8])")
        for each in (one, other):
            each.settle()
        assert one.state()["selection"] == [3, 5]
        assert other.state()["selection"] == [8]
        # Python hears of the last one where pages may tell it.
        assert server.selection.indices.tolist() == ([] if read_only else [8])
