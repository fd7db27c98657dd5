"""Points that views have in common: by row, by a column, and those that only one side has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import projector
from tests.browser.acting import until
from tests.browser.conftest import WIDE, Visit, a_page
from tests.browser.pixels import pixels_of
from tests.browser.test_views import command, rows, views_of

pytestmark = pytest.mark.browser

#: Names of the points of two runs, in another order: 40 on both sides, 20 and 8 on one of them.
A = [f"w{i}" for i in range(60)]
B = [f"w{i}" for i in reversed(range(20, 68))]


def places(names: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return places on a grid, by name, so that no point hides another one."""
    at = np.array([int(name[1:]) for name in names])
    return np.stack([at % 10, at // 10 + at % 3 / 9, at % 7 / 99], axis=1).astype(np.float32)


def write_run(folder: Path, names: list[str]) -> None:
    place = folder / "00000" / "default"
    place.mkdir(parents=True)
    np.savetxt(place / "tensors.tsv", places(names), delimiter="\t")
    lines = "\n".join(f"{'xyz'[int(name[1:]) % 3]}\t{name}" for name in names)
    (place / "metadata.tsv").write_text(f"kind\tword\n{lines}\n")
    (folder / "projector_config.pbtxt").write_text(
        'embeddings {\n  tensor_name: "default:00000"\n'
        '  tensor_path: "00000/default/tensors.tsv"\n'
        '  metadata_path: "00000/default/metadata.tsv"\n}\n'
    )


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("matching")
    write_run(folder / "a", A)
    write_run(folder / "b", B)
    with projector.serve(folder, port=0) as server:
        yield server.url


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Visit]:
    with a_page(browser, url, WIDE) as made:
        yield made


def two_runs(visit: Visit, more: str = "") -> Page:
    page = visit.open(f"#run=a&method=pca&names=0&points=0{more}")
    visit.settle()
    command(page, "compare the 2 runs")
    until(page, lambda: len(views_of(page)) == 2, "two views")
    expect(page.get_by_role("contentinfo")).to_contain_text("matched by the column word")
    visit.settle()
    return page


def plot(page: Page, letter: str) -> Locator:
    view = page.get_by_role("region", name=f"View {letter}")
    return view.get_by_role("application", name="Point cloud")


def middles(page: Page, letter: str, view: str, names: list[str]) -> dict[str, int]:
    """Return how far the pixel in the middle of each point is from the background."""
    target = plot(page, letter)
    box = target.bounding_box()
    assert box is not None
    pixels = pixels_of(target).astype(np.int16)
    ground = pixels[2, 2]
    found = {}
    for row, name in enumerate(names):
        at = page.evaluate("([row, id]) => window.projector.screenPosition(row, id)", [row, view])
        x, y = round(at["x"] - box["x"]), round(at["y"] - box["y"])
        found[name] = int(np.abs(pixels[y, x] - ground).sum())
    return found


def test_points_are_matched_by_the_column_that_names_them(visit: Visit) -> None:
    page = two_runs(visit)
    status = page.get_by_role("contentinfo")
    expect(status).to_contain_text("40 of 60 matched by the column word; 20 only in A, 8 only in B")

    # What is selected on one side is selected on the other, under its own row.
    chosen = ["w5", "w30", "w59"]
    page.evaluate("rows => window.projector.select(rows, '1')", [A.index(each) for each in chosen])
    expected = sorted(B.index(each) for each in chosen if each in B)
    until(page, lambda: rows(page, "2") == expected, "the points that B has")
    page.evaluate("row => window.projector.select([row], '2')", B.index("w64"))
    until(page, lambda: rows(page, "1") == [], "a point that A does not have")
    page.keyboard.press("Control+Z")
    both = [sorted(A.index(each) for each in chosen), expected]
    until(page, lambda: [rows(page, each) for each in "12"] == both, "both undone")
    page.keyboard.press("Control+Z")
    until(page, lambda: rows(page, "1") == rows(page, "2") == [], "nothing selected")


@pytest.mark.parametrize("more", ["", "&dims=3"])
def test_a_point_that_one_side_has_is_hollow(visit: Visit, more: str) -> None:
    page = two_runs(visit, more)
    note = page.get_by_role("note", name="Hollow points")
    for letter, view, names, others in (("A", "1", A, B), ("B", "2", B, A)):
        found = middles(page, letter, view, names)
        full = [found[name] for name in names if name in others]
        hollow = [found[name] for name in names if name not in others]
        # Lines of the axes or a neighbor may cross the middle of a few.
        assert np.median(full) > 120, found
        assert np.quantile(hollow, 0.75) < 60, found
        page.get_by_role("region", name=f"View {letter}").get_by_role("button").first.click()
        other = {"A": "B", "B": "A"}[letter]
        expect(note).to_contain_text(f"hollow: {len(hollow)} that {other} does not have")


def test_the_drift_is_that_of_the_matched_points(visit: Visit) -> None:
    page = two_runs(visit)
    command(page, "drift from A to B")
    drift = page.get_by_role("region", name="Drift")
    # The places of each word are the same in both runs, apart from the words that one lacks.
    expect(drift).to_contain_text("kept from A to B")
    visit.settle()
    shared = [name for name in A if name in B]
    page.evaluate("row => window.projector.select([row], '2')", B.index("w40"))
    until(page, lambda: rows(page, "1") == [A.index("w40")], "the same word in A")
    where = places(shared)
    far = np.linalg.norm(where - where[shared.index("w40")], axis=1)
    nearest = [shared[i] for i in np.argsort(far, kind="stable")[1:4]]
    lists = page.get_by_role("listbox", name="Neighbors kept, lost and gained")
    for word in nearest:
        expect(lists).to_contain_text(word)
    # A word that only B has was not compared.
    page.evaluate("row => window.projector.select([row], '2')", B.index("w64"))
    expect(lists).to_have_count(0)


def test_a_person_chooses_by_what_points_are_matched(visit: Visit) -> None:
    page = two_runs(visit)
    choice = page.get_by_role("combobox", name="Match points")
    choice.select_option("row")
    status = page.get_by_role("contentinfo")
    expect(status).to_contain_text("not matched with B")
    expect(page.get_by_role("note", name="Hollow points")).to_have_count(0)
    page.evaluate("window.projector.select([3], '1')")
    until(page, lambda: rows(page, "1") == [3], "the selection")
    assert rows(page, "2") == []
    choice.select_option("column:word")
    expect(status).to_contain_text("40 of 60 matched by the column word")
    until(page, lambda: "match=column" in page.url, "the address")
    page.reload()
    visit.ready()
    expect(page.get_by_role("contentinfo")).to_contain_text("40 of 60 matched by the column word")
    expect(page.get_by_role("combobox", name="Match points")).to_have_value("column:word")


def test_a_saved_picture_has_the_hollow_points(visit: Visit) -> None:
    page = two_runs(visit)
    page.keyboard.press("Control+K")
    page.get_by_role("combobox", name="Command").fill("Save SVG")
    page.get_by_role("listbox", name="Commands").get_by_role("option").first.wait_for()
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    text = Path(coming.value.path()).read_text()
    assert text.count('fill="none" stroke=') == 20
    assert text.count("<circle") >= 60
