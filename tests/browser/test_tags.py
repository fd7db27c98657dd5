"""Tagging in the page, on a copy of the demo data: by role, by name, and by the files."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import projector
from projector.loaders.tags import writing as tags_saving
from projector.server.server import Server
from tests.browser.acting import PATIENCE_MS, until
from tests.browser.conftest import Visit
from tests.browser.test_explore_access import violations
from tests.conftest import DEMO

pytestmark = pytest.mark.browser

RUN = "cnn-tanh-32"
OPEN = f"#run={RUN}"
#: The listing in any form.
LISTING = re.compile(r"/api/v1/log\b")


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    shutil.copytree(DEMO / RUN, folder / RUN)
    return folder


@pytest.fixture
def server(logs: Path) -> Iterator[Server]:
    with projector.serve(logs, port=0) as made:
        yield made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def tab(context: BrowserContext, server: Server) -> Visit:
    made = Visit(context.new_page(), server.url)
    made.open(OPEN)
    return made


def select(page: Page, rows: list[int]) -> None:
    page.evaluate("(rows) => window.projector.select(rows)", rows)


def tag(page: Page, rows: list[int], value: str, *, name: str | None = None) -> None:
    """Select, type, Enter: as a person does it."""
    select(page, rows)
    page.get_by_role("button", name="Tag", exact=True).click()
    expect(page.get_by_label("Value", exact=True)).to_be_focused()
    if name is not None:
        page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Value", exact=True).fill(value)
    page.get_by_label("Value", exact=True).press("Enter")


def expect_status(page: Page, text: str) -> None:
    expect(page.get_by_role("status", name="Saving tags")).to_contain_text(text)


def file_of(logs: Path) -> Path:
    (found,) = (logs / RUN).glob("*.projector-tags.tsv")
    return found


def refuse(folder: object, part: str) -> None:
    raise PermissionError(errno.EACCES, "Permission denied", str(part))


def rows_of(logs: Path) -> list[str]:
    return file_of(logs).read_text("utf-8").splitlines()[1:]


def test_a_tag_is_saved_beside_the_data_and_is_a_column_like_any(tab: Visit, logs: Path) -> None:
    page = tab.page
    before = {p: p.read_bytes() for p in logs.rglob("*") if p.is_file()}
    tag(page, [3, 17], "odd", name="kind")
    expect_status(page, "Saved in")
    assert rows_of(logs) == ["row\tkind", "3\todd", "17\todd"]
    assert {p: p.read_bytes() for p in before} == before, "the source was changed"
    # Every list of columns has it, and the form proposes to color by it.
    page.get_by_role("button", name="Color by kind").click()
    until(page, lambda: tab.state()["color"] == "kind", "the color")
    expect(page.get_by_role("combobox", name="Label by")).to_contain_text("kind")
    # The values that there are, with their counts, take one click.
    select(page, [20])
    values = page.get_by_role("listbox", name="Values of kind")
    expect(values.get_by_role("option")).to_have_text(["odd2"])
    values.get_by_role("option").click()
    expect(values.get_by_role("option")).to_have_text(["odd3"])
    until(page, lambda: rows_of(logs)[1:] == ["3\todd", "17\todd", "20\todd"], "the file")
    expect(page.get_by_role("table", name="Metadata")).to_contain_text("odd")
    page.get_by_label("Search points").fill("odd")
    expect(page.get_by_text("3 matches")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_form_is_for_everyone(
    tab: Visit, monkeypatch: pytest.MonkeyPatch, theme: Literal["light", "dark"]
) -> None:
    page = tab.page
    page.emulate_media(color_scheme=theme)
    tag(page, [3, 17], "odd", name="kind")
    expect_status(page, "Saved in")
    tab.settle()
    assert violations(page) == [], "a form with values"
    # The keys alone do it, too: down to the values, Enter, and Escape closes.
    select(page, [20])
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Tags")).to_have_count(0)
    page.keyboard.press("a")
    expect(page.get_by_label("Value", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    values = page.get_by_role("listbox", name="Values of kind")
    expect(values.get_by_role("option")).to_have_text(["odd3"])
    page.get_by_label("Value", exact=True).fill("a\u0085b")
    expect(
        page.get_by_text("Tabs, line breaks and control characters are not allowed.")
    ).to_be_visible()
    page.get_by_label("Value", exact=True).fill("")
    with monkeypatch.context() as patch:
        patch.setattr(tags_saving, "_only_writer", refuse)
        tag(page, [3], "other")
        expect_status(page, "cannot be written to")
        tab.settle()
        assert violations(page) == [], "what cannot be saved"


def test_undo_takes_a_tag_back_on_the_disk_too(tab: Visit, logs: Path) -> None:
    page = tab.page
    tag(page, [3], "odd", name="kind")
    expect_status(page, "Saved in")
    tag(page, [4], "even")
    until(page, lambda: len(rows_of(logs)) == 3, "the second tag")
    page.get_by_role("heading", name="Selected point").click()
    page.keyboard.press("Control+z")
    until(page, lambda: rows_of(logs) == ["row\tkind", "3\todd"], "the first undo")
    page.keyboard.press("Control+Shift+z")
    until(page, lambda: len(rows_of(logs)) == 3, "the redo")
    expect_status(page, "Saved in")


def test_tags_are_there_after_a_reload_and_in_another_tab(
    tab: Visit, context: BrowserContext, server: Server, logs: Path
) -> None:
    page = tab.page
    other = Visit(context.new_page(), server.url)
    other.open(OPEN)
    page.bring_to_front()
    tag(page, [3, 17], "odd", name="kind")
    expect_status(page, "Saved in")
    other.page.bring_to_front()
    choice = other.page.get_by_role("combobox", name="Color by")
    expect(choice).to_contain_text("kind")
    # What the other tab adds is added, not put in its place.
    tag(other.page, [5], "new", name="other")
    expect_status(other.page, "Saved in")
    until(other.page, lambda: rows_of(logs)[0] == "row\tkind\tother", "both columns")
    page.bring_to_front()
    expect(page.get_by_role("combobox", name="Color by")).to_contain_text("other")
    page.reload()
    tab.ready()
    expect(page.get_by_role("combobox", name="Color by")).to_contain_text("other")
    select(page, [3])
    expect(page.get_by_role("table", name="Metadata")).to_contain_text("odd")


def test_a_column_of_the_data_is_edited_and_put_back(tab: Visit, logs: Path) -> None:
    page = tab.page
    select(page, [3])
    card = page.get_by_role("table", name="Metadata")
    expect(card.get_by_role("row", name="label")).not_to_contain_text("mine")
    page.keyboard.press("a")
    page.get_by_role("combobox", name="Column", exact=True).select_option("label")
    expect(page.get_by_role("listbox", name="Values of label").get_by_role("option")).to_have_count(
        10
    )
    page.get_by_label("Value", exact=True).fill("mine")
    page.get_by_label("Value", exact=True).press("Enter")
    expect(card.get_by_role("row", name="label")).to_contain_text("mine")
    expect(card.get_by_role("img", name="1 value edited")).to_be_visible()
    assert rows_of(logs) == ["row\tlabel", "3\tmine"]
    page.get_by_role("button", name="Restore original values").click()
    expect(card.get_by_role("row", name="label")).not_to_contain_text("mine")
    until(page, lambda: not list((logs / RUN).glob("*.projector-tags.tsv")), "no file is left")


def test_own_columns_are_renamed_and_deleted(tab: Visit, logs: Path) -> None:
    page = tab.page
    tag(page, [3], "odd", name="kind")
    expect_status(page, "Saved in")
    page.get_by_role("button", name="Color by kind").click()
    page.get_by_role("button", name="Rename column kind").click()
    page.get_by_label("New name").fill("sort")
    page.get_by_label("New name").press("Enter")
    until(page, lambda: rows_of(logs)[0] == "row\tsort", "the new name")
    until(page, lambda: tab.state()["color"] == "sort", "the color follows")
    page.get_by_role("button", name="Delete column sort").click()
    until(page, lambda: not list((logs / RUN).glob("*.projector-tags.tsv")), "no file is left")


@pytest.mark.parametrize("way", ["Merge", "Take theirs"])
def test_what_others_changed_is_never_overwritten(tab: Visit, logs: Path, way: str) -> None:
    page = tab.page
    tag(page, [3], "odd", name="kind")
    expect_status(page, "Saved in")
    # This page hears nothing of the change: as with a stream that broke a moment ago.
    page.route(LISTING, lambda route: route.abort())
    content = file_of(logs).read_text("utf-8")
    file_of(logs).write_text(content + "9\ttheirs\n", "utf-8")
    tag(page, [4], "mine")
    expect_status(page, "Not saved")
    assert rows_of(logs)[1:] == ["3\todd", "9\ttheirs"]
    page.unroute(LISTING)
    page.get_by_role("button", name=way).click()
    expect_status(page, "Saved in")
    mine = ["4\tmine"] if way == "Merge" else []
    until(page, lambda: rows_of(logs)[1:] == ["3\todd", *mine, "9\ttheirs"], "what is kept")


def test_a_folder_that_can_not_be_written_to_loses_nothing(
    tab: Visit, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tab.page
    # Permissions do not hold back the superuser, whom tests often run as.
    with monkeypatch.context() as patch:
        patch.setattr(tags_saving, "_only_writer", refuse)
        tag(page, [3], "odd", name="kind")
        expect_status(page, "cannot be written to (Permission denied)")
        with page.expect_download() as coming:
            page.get_by_role("button", name="Download", exact=True).click()
        assert "3\todd" in Path(coming.value.path()).read_text("utf-8")
        page.get_by_role("button", name="Retry").click()
        expect_status(page, "cannot be written to")
        page.get_by_role("button", name="Keep until the server stops").click()
        expect_status(page, "server's memory")
        expect(page.get_by_role("combobox", name="Color by")).to_contain_text("kind")
    page.get_by_role("button", name="Save next to the data").click()
    expect_status(page, "Saved in")
    assert rows_of(logs) == ["row\tkind", "3\todd"]


def test_dropped_files_keep_their_tags_for_the_session(tab: Visit, tmp_path: Path) -> None:
    page = tab.page
    file = tmp_path / "vectors.tsv"
    file.write_text("".join(f"{i}\t{i * i}\t{-i}\n" for i in range(9)), "utf-8")
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Open a file").first.click()
    choosing.value.set_files(file)
    expect(page.get_by_text("9 points")).to_be_visible()
    tag(page, [3], "odd", name="kind")
    expect_status(page, "until the server stops")
    expect(page.get_by_role("button", name="Download", exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Color by")).to_contain_text("kind")
