"""Points as a density, and flat pictures that turn: by role and by name, with pixels read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

import projector
from projector.server.server import Server
from tests.browser.acting import still_box, until
from tests.browser.conftest import Visit, a_page
from tests.browser.pixels import Pixels
from tests.browser.test_page import place, plot_pixels

pytestmark = pytest.mark.browser

#: Squares of side 1 in a row: where each begins, how many points of which class it holds.
SQUARES = (
    ("red alone", 0, (("a", 8000),)),
    ("both", 2, (("a", 8000), ("b", 8000))),
    ("blue alone", 4, (("b", 8000),)),
    ("thin", 6, (("a", 300),)),
)
HALF = 18


def squares() -> tuple[np.ndarray, list[str], dict[str, int]]:
    """Return positions, labels, and for each square the row of the point in its middle."""
    rng = np.random.default_rng(5)
    places: list[np.ndarray] = []
    labels: list[str] = []
    middles: dict[str, int] = {}
    for name, left, groups in SQUARES:
        for label, n in groups:
            some = rng.uniform(size=(n, 2)) + np.array([left, 0])
            some[0] = (left + 0.5, 0.5)
            middles[name] = len(labels)
            places.append(some)
            labels += [label] * n
    return np.concatenate(places).astype(np.float32), labels, middles


def write(folder: Path, places: np.ndarray, labels: list[str]) -> None:
    folder.mkdir()
    np.save(folder / "squares.npy", places)
    (folder / "metadata.tsv").write_text("\n".join(labels) + "\n")


@pytest.fixture(scope="module")
def middles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    return squares()[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("squares")
    places, labels, _ = squares()
    write(log / "sorted", places, labels)
    order = np.random.default_rng(6).permutation(len(labels))
    # The first of each class stay first, so that both keep their color.
    write(log / "shuffled", places[order], [labels[row] for row in order])
    with projector.serve(log, port=0) as made:
        yield made


@pytest.fixture
def see(browser: Browser, server: Server) -> Iterator[Visit]:
    with a_page(browser, server.url) as visit:
        yield visit


def opened(see: Visit, draw: str = "density", more: str = "", run: str = "sorted") -> Page:
    """Open the squares where they stand, without names over them, and wait for their colors."""
    fixed = "method=given&names=0&points=0&color=0.label"
    page = see.open(f"#run={run}&{fixed}&draw={draw}{more}")
    until(page, lambda: see.state()["method"] == "given", "the positions as they are")
    until(page, lambda: np.ptp(plot_pixels(page).astype(int), axis=2).max() > 60, "colors")
    see.settle()
    return page


def window(page: Page, pixels: Pixels, row: int) -> np.ndarray:
    """Return the mean color around a point, (3,), from 0 to 255."""
    at = place(page, row)
    box = still_box(page.get_by_role("application", name="Point cloud"))
    x, y = round(at["x"] - box["x"]), round(at["y"] - box["y"])
    around = pixels[y - HALF : y + HALF, x - HALF : x + HALF]
    return np.asarray(around.reshape(-1, 3).mean(axis=0))


def ink(page: Page, row: int) -> np.ndarray:
    """Return what was taken from the white paper around a point, (3,)."""
    return 255 - window(page, plot_pixels(page), row)


def alike(a: np.ndarray, b: np.ndarray) -> float:
    """Return the cosine between two inks: 1 is the same hue."""
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def chroma(color: np.ndarray) -> np.ndarray:
    """Return what is left of a color without its grey."""
    return np.asarray(color - color.mean())


def test_hues_are_kept_and_where_two_lie_on_each_other_they_are_mixed(
    see: Visit, middles: dict[str, int]
) -> None:
    page = opened(see, "points")
    as_points = {name: ink(page, row) for name, row in middles.items()}
    page.get_by_role("radio", name="Density").check()
    until(page, lambda: see.state()["drawAs"] == "density", "a density")
    see.settle()
    red, both, blue = (ink(page, middles[n]) for n in ("red alone", "both", "blue alone"))
    assert alike(red, as_points["red alone"]) > 0.995
    assert alike(blue, as_points["blue alone"]) > 0.995
    assert alike(red, blue) < 0.9, "two colors"
    mixed = red / np.linalg.norm(red) + blue / np.linalg.norm(blue)
    assert alike(both, mixed) > max(alike(both, red), alike(both, blue))


def test_denser_is_more_opaque_in_the_same_hue(see: Visit, middles: dict[str, int]) -> None:
    page = opened(see)
    dense, thin = ink(page, middles["red alone"]), ink(page, middles["thin"])
    assert np.linalg.norm(dense) > 1.8 * np.linalg.norm(thin) > 0
    assert alike(dense, thin) > 0.98


def test_it_does_not_depend_on_the_order_of_the_points(see: Visit) -> None:
    first = plot_pixels(opened(see)).astype(int)
    second = plot_pixels(opened(see, run="shuffled")).astype(int)
    assert np.abs(first - second).max() <= 2


def test_what_is_filtered_out_is_grey_and_mixes_into_no_hue(
    see: Visit, middles: dict[str, int]
) -> None:
    page = opened(see)
    red = chroma(window(page, plot_pixels(page), middles["red alone"]))
    opened(see, more="&filter=0.label:=a")
    pixels = plot_pixels(page)
    both = chroma(window(page, pixels, middles["both"]))
    blue = window(page, pixels, middles["blue alone"])
    assert alike(red, both) > 0.98
    assert np.ptp(blue) < 12, "a ghost has no color"
    assert blue.mean() < 250, "but it is there"


def test_selection_and_hover_lie_on_top_as_points(see: Visit, middles: dict[str, int]) -> None:
    page = opened(see)
    row = middles["blue alone"]
    at = place(page, row)
    rough = plot_pixels(page)
    page.mouse.move(at["x"], at["y"])
    until(page, lambda: see.state()["hover"] is not None, "hover")
    until(page, lambda: bool((plot_pixels(page) != rough).any()), "its mark")
    page.mouse.move(5, 400)
    until(page, lambda: see.state()["hover"] is None, "no hover")
    page.evaluate(f"window.projector.select([{row}])")
    box = still_box(page.get_by_role("application", name="Point cloud"))
    x, y = round(at["x"] - box["x"]), round(at["y"] - box["y"])

    def contrast() -> float:
        pixels = plot_pixels(page).astype(float)
        return float(pixels[y - 8 : y + 9, x - 8 : x + 9].mean(axis=2).std())

    smooth = float(rough[y - 8 : y + 9, x - 8 : x + 9].astype(float).mean(axis=2).std())
    until(page, lambda: contrast() > smooth + 15, "a ring around the selected point")


def test_the_choice_has_a_key_a_command_an_address_and_an_undo(see: Visit) -> None:
    page = opened(see, "points")
    choices = page.get_by_role("radiogroup", name="Draw as")
    page.keyboard.press("Shift+D")
    expect(choices.get_by_role("radio", name="Density")).to_be_checked()
    until(page, lambda: "draw=density" in page.url, "the address")
    before = plot_pixels(page)
    slider = page.get_by_role("slider", name="Smoothing")
    slider.press("End")
    until(page, lambda: bool((plot_pixels(page) != before).any()), "a wider kernel")
    until(page, lambda: "smooth=16" in page.url, "the kernel in the address")
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").fill("density")
    page.keyboard.press("Enter")
    until(page, lambda: see.state()["drawAs"] == "points", "points again")
    page.keyboard.press("Control+z")
    until(page, lambda: see.state()["drawAs"] == "density", "undone")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_text("density or points")).to_be_visible()


def test_at_rest_nothing_is_drawn(see: Visit) -> None:
    page = opened(see)
    page.mouse.move(5, 400)
    see.settle()
    rest = """() => new Promise(done => {
        let n = 30;
        const next = () => n-- ? requestAnimationFrame(next) : done();
        next();
    })"""
    page.evaluate(rest)
    frames = see.stats()["frames"]
    page.evaluate(rest)
    assert see.stats()["frames"] == frames


def test_a_saved_picture_is_the_density(see: Visit) -> None:
    page = opened(see)
    shown = plot_pixels(page).astype(int)
    with page.expect_download() as coming:
        page.keyboard.press("Control+s")
    with Image.open(coming.value.path()) as image:
        saved = image.convert("RGB").resize((shown.shape[1], shown.shape[0]), Image.Resampling.BOX)
    # Corners of the plot hold buttons, which are no part of the picture.
    middle = np.s_[120:-120, 60:-60]
    difference = np.abs(shown[middle] - np.asarray(saved).astype(int)[middle])
    assert difference.mean() < 3
    assert np.quantile(difference, 0.99) < 40


def test_an_svg_holds_the_density_as_a_picture_and_points_as_circles(see: Visit) -> None:
    page = opened(see)
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog", name="Share")

    def saved() -> str:
        with page.expect_download() as coming:
            dialog.get_by_role("button", name="Save SVG").click()
        return Path(coming.value.path()).read_text("utf-8")

    density = saved()
    assert density.count("<image") == 1
    assert "<circle" not in density
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Shift+D")
    until(page, lambda: see.state()["drawAs"] == "points", "points")
    page.get_by_role("button", name="Share").click()
    assert saved().count("<circle") == sum(n for _, _, groups in SQUARES for _, n in groups)


def test_a_browser_without_float_targets_says_so_and_draws_points(see: Visit) -> None:
    see.page.add_init_script(
        """const own = WebGL2RenderingContext.prototype.getExtension;
        WebGL2RenderingContext.prototype.getExtension = function (name) {
          return name.startsWith("EXT_color_buffer") ? null : own.call(this, name);
        };"""
    )
    page = opened(see)
    assert see.state()["drawAs"] == "points"
    expect(page.get_by_text("so points are drawn")).to_be_visible()


def test_half_floats_are_enough(see: Visit, middles: dict[str, int]) -> None:
    exact = plot_pixels(opened(see)).astype(int)
    see.page.add_init_script(
        """const own = WebGL2RenderingContext.prototype.getExtension;
        WebGL2RenderingContext.prototype.getExtension = function (name) {
          return name === "EXT_float_blend" ? null : own.call(this, name);
        };"""
    )
    see.page.reload()
    rough = plot_pixels(opened(see)).astype(int)
    assert np.abs(exact - rough).mean() < 1


def test_a_flat_picture_turns_by_key_and_hand_and_comes_back(
    see: Visit, middles: dict[str, int]
) -> None:
    page = opened(see, "points")
    row = middles["red alone"]
    box = still_box(page.get_by_role("application", name="Point cloud"))
    middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])

    def angle() -> float:
        at = place(page, row)
        return float(np.degrees(np.arctan2(at["y"] - middle[1], at["x"] - middle[0])) % 360)

    start = angle()
    page.keyboard.press("w")
    until(page, lambda: abs((angle() - start) % 360 - 15) < 0.1, "15 degrees clockwise")
    until(page, lambda: "camera=2d" in page.url, "the address")
    page.keyboard.press("q")
    page.keyboard.press("q")
    until(page, lambda: abs((start - angle()) % 360 - 15) < 0.1, "15 degrees the other way")
    page.keyboard.press("h")
    until(page, lambda: abs(angle() - start) < 0.1, "home")
    page.mouse.move(middle[0] + 200, middle[1])
    page.mouse.down(button="right")
    page.mouse.move(middle[0] + 200, middle[1] + 50)
    page.mouse.move(middle[0], middle[1] + 200, steps=6)
    page.mouse.up(button="right")
    until(page, lambda: abs((angle() - start) % 360 - 90) < 3, "a quarter by hand")
    turned = angle()
    rotation = see.state()["view"]["rotation"]

    def address_turned() -> bool:
        numbers = unquote(page.url).partition("camera=2d,")[2].split("&")[0].split(",")
        return len(numbers) == 8 and abs(float(numbers[5]) - rotation[2]) < 1e-3

    until(page, address_turned, "the address")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    see.ready()
    until(page, lambda: see.state()["method"] == "given", "the same picture")
    until(page, lambda: abs(angle() - turned) < 0.5, "turned as the address says")
