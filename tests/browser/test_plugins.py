"""A panel of a plug-in in the page: it is listed, reads, selects, and what is wrong is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit, a_page
from tests.conftest import DEMO
from tests.plugins.installing import install, install_example, serving

pytestmark = pytest.mark.browser

#: A panel that tries what the page's policy forbids, and tells how it went.
FORBIDDEN = """
export const version = 1;
export async function mount(element) {
  const told = [];
  const tried = (name, what) => what().then(
    () => told.push(`${name}: done`), () => told.push(`${name}: refused`));
  await tried('eval', async () => (0, eval)('1'));
  await tried('elsewhere', () => fetch('http://127.0.0.1:9/'));
  await tried('import', () => import('data:text/javascript,1'));
  element.textContent = told.join(', ');
}
"""
PACKAGE = """
from pathlib import Path
from projector.model.panel import Panel
HERE = Path(__file__).parent
NEWER, TRYING = Panel("newer", "Newer", HERE / "newer.js"), Panel("trying", "Trying", HERE / "t.js")
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    install_example(folder)
    entries = {
        "projector.panels": {"newer": "odd:NEWER", "trying": "odd:TRYING", "gone": "odd:GONE"},
        "projector.methods": {"broken": "odd:METHOD"},
    }
    install(folder, "odd", entries, PACKAGE)
    (folder / "newer.js").write_text("export const version = 7; export function mount() {}")
    (folder / "t.js").write_text(FORBIDDEN)
    return folder


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator[Visit]:
    with serving("--logdir", DEMO, plugins=(site,)) as url, a_page(browser, url) as made:
        yield made


def test_a_panel_reads_the_state_and_selects(visit: Visit) -> None:
    page = visit.open("#method=pca")
    page.get_by_role("tab", name="Spread").click()
    panel = page.get_by_role("region", name="Spread")
    expect(panel).to_contain_text("of the selection: 0.00")
    panel.get_by_role("button", name="Select the outermost point").click()
    expect(panel).not_to_contain_text("of the selection: 0.00")
    assert len(visit.state()["selection"]) == 1
    page.get_by_role("tab", name="Random", exact=True).click()
    page.get_by_text("What Random shows").click()
    expect(page.get_by_text("From projector-example 1.0.")).to_be_visible()
    # The keyboard reaches it like any other tab; the next panel tries what it may not.
    visit.provoked.append("Security Policy")
    page.get_by_role("tab", name="Spread").press("ArrowRight")
    expect(page.get_by_role("tab", name="Trying")).to_be_focused()
    expect(panel).to_have_count(0)


def test_the_policy_of_the_page_holds_for_panels(visit: Visit) -> None:
    page = visit.open("#method=pca")
    page.get_by_role("tab", name="Trying").click()
    panel = page.get_by_role("region", name="Trying")
    expect(panel).to_have_text("eval: refused, elsewhere: refused, import: refused")
    visit.provoked.append("Security Policy")


def test_what_cannot_be_shown_is_said_and_the_page_stays(visit: Visit) -> None:
    page = visit.open("#method=pca")
    page.get_by_role("tab", name="Newer").click()
    expect(page.get_by_role("alert")).to_contain_text("version 7 of panels, and this page has 1")
    page.get_by_role("button", name="2 problems").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The panel plug-in gone (odd 1.0) cannot be used")
    expect(dialog).to_contain_text("The method plug-in broken (odd 1.0) cannot be used")
