"""Take the pictures of the documentation from the running program: ``make screenshots``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

import projector
from tests.browser.jupyter import OpenNotebook, running_jupyter
from tests.browser.tensorboard import page_in_tab, running_tensorboard
from tests.plugins.installing import install_example, serving

IMAGES = Path(__file__).with_name("images")
DEMO = Path(__file__).resolve().parents[1] / "demo_data"
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--no-first-run",
)


def run_umap(page: Page) -> None:
    """Show a finished UMAP with one misread digit selected."""
    page.get_by_role("tab", name="UMAP", exact=True).click()
    page.get_by_role("button", name="Run UMAP").click()
    page.wait_for_function("() => window.projector.state().method === 'umap'")
    page.wait_for_function("() => !window.projector.state().live", timeout=240_000)
    page.evaluate("window.projector.select([5])")
    page.get_by_role("listbox", name="Neighbors").get_by_role("option").first.wait_for()


def show_images(page: Page) -> None:
    """Show the digits themselves in three dimensions."""
    page.get_by_role("radio", name="3D").check(force=True)
    page.get_by_role("checkbox", name="Images").check(force=True)


def compare_runs(page: Page) -> None:
    """Show UMAP of two runs side by side, colored by drift."""
    run_umap(page)
    command(page, "compare the 2 runs")
    page.get_by_role("region", name="View B").wait_for()
    page.wait_for_function("() => window.projector.state('2').method === 'umap'", timeout=240_000)
    page.wait_for_function("() => !window.projector.state('2').live", timeout=240_000)
    command(page, "show the drift from a to b")
    page.get_by_role("combobox", name="Color by").wait_for()
    page.wait_for_function(
        "() => window.projector.state().color === 'kept neighbors'", timeout=240_000
    )
    page.evaluate("window.projector.select([])")
    page.get_by_role("tab", name="Checks").click()


def command(page: Page, text: str) -> None:
    """Run the command that the palette finds first."""
    page.keyboard.press("Control+K")
    page.get_by_role("combobox", name="Command").fill(text)
    page.keyboard.press("Enter")


def umap_of_clusters(page: Page) -> None:
    """Show a UMAP with the clusters that come by themselves."""
    find_clusters(page)
    page.get_by_role("tab", name="UMAP", exact=True).click()
    page.get_by_role("button", name="Run UMAP").click()
    page.wait_for_function("() => window.projector.state().method === 'umap'")
    page.wait_for_function("() => !window.projector.state().live", timeout=240_000)


def find_clusters(page: Page) -> None:
    """Wait for the clusters of unlabeled texts, which come by themselves with their names."""
    page.get_by_role("combobox", name="Color by").wait_for()
    page.wait_for_function(
        "() => /cluster/i.test(window.projector.state().color ?? '')", timeout=240_000
    )


TOPICS = {
    "kitchen": "oven flour butter recipe simmer garlic onion bake spoon dough",
    "space": "orbit rocket lunar telescope galaxy astronaut comet launch probe crater",
    "football": "goal striker penalty referee midfield league keeper offside coach stadium",
    "garden": "soil seeds tomato prune compost blossom roots watering hedge shade",
    "music": "guitar chord melody album drummer concert vinyl chorus rhythm bass",
    "money": "interest mortgage savings invoice budget loan shares audit pension tax",
    "travel": "airport luggage hostel visa passport itinerary ferry souvenir beach train",
    "health": "doctor fever vaccine clinic allergy pulse therapy nurse symptom dose",
    "law": "court judge witness verdict appeal statute lawyer clause hearing oath",
    "weather": "storm rainfall forecast humid thunder frost breeze sunny drought cloud",
    "computers": "keyboard compiler server kernel browser memory thread packet cache bug",
    "animals": "kitten whale falcon fur hoof nest tail herd paw feather",
}
COMMON = [
    "the",
    "and",
    "of",
    "a",
    "to",
    "in",
    "that",
    "with",
    "was",
    "for",
    "they",
    "had",
    "been",
    "then",
    "some",
    "very",
]


@contextmanager
def texts() -> Iterator[Path]:
    """Give a log directory of 9,000 made-up sentences and their vectors."""
    rng = np.random.default_rng(4)
    middles = rng.normal(size=(len(TOPICS), 32)) * 2
    topic = rng.integers(len(TOPICS), size=9000)
    words = [each.split() for each in TOPICS.values()]
    sentences = [
        " ".join(rng.permutation([*rng.choice(words[t], 4), *rng.choice(COMMON, 5)])) for t in topic
    ]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "sentences"
        place.mkdir()
        vectors = middles[topic] + rng.normal(size=(len(topic), 32)) * 0.8
        np.save(place / "vectors.npy", vectors.astype(np.float32))
        (place / "metadata.tsv").write_text("\n".join(["text", *sentences]) + "\n")
        yield place


@contextmanager
def words() -> Iterator[Path]:
    """Give a log directory of 8,000 made-up words and their vectors: no column has groups."""
    rng = np.random.default_rng(2)
    starts, ends = (["".join(pair) for pair in product("bdfklmnprstvz", "aeiou")] for _ in "12")
    n_groups = 24
    stems = rng.permutation(["".join(pair) for pair in product(starts[:12], ends[:12])])[:n_groups]
    middles = rng.normal(size=(n_groups, 50)) * 1.6
    group = rng.integers(n_groups, size=8000)
    vectors = middles[group] + rng.normal(size=(8000, 50))
    tails = rng.choice(ends, (8000, 2))
    names = [f"{stems[g]}{a}{b}" for g, (a, b) in zip(group, tails, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "words"
        place.mkdir()
        np.save(place / "vectors.npy", vectors.astype(np.float32))
        (place / "metadata.tsv").write_text("\n".join(["word", *names]) + "\n")
        yield place


@contextmanager
def demo() -> Iterator[Path]:
    """Give the demo data."""
    yield DEMO


@contextmanager
def served(logdir: Callable[[], AbstractContextManager[Path]]) -> Iterator[str]:
    """Serve a log directory, and give the address of its page."""
    with logdir() as folder, projector.serve(folder, port=0) as server:
        yield server.url


@contextmanager
def served_with_plugin() -> Iterator[str]:
    """Serve the demo data in a process that has the plug-in of the examples."""
    with tempfile.TemporaryDirectory() as site:
        install_example(Path(site))
        with serving("--logdir", DEMO, plugins=(Path(site),)) as url:
            yield url


def served_to_all() -> AbstractContextManager[str]:
    """Serve two directories as named groups of runs, to visitors who may change nothing."""
    groups = {"relu": "mlp-relu-16", "tanh": "cnn-tanh-32"}
    roots = [f"--logdir={name}={DEMO / folder}" for name, folder in groups.items()]
    return serving(*roots, "--read-only", plugins=())


def show_groups(page: Page) -> None:
    """Show two runs of two groups side by side, with one point selected in both."""
    command(page, "compare")
    page.get_by_role("region", name="View B").wait_for()
    page.wait_for_function("() => window.projector.state('2').method === 'pca'")
    page.evaluate("window.projector.select([13])")


def show_health(page: Page) -> None:
    """Show the steps of a training, with figures of health below their loss."""
    run_umap(page)
    page.evaluate("window.projector.select([])")
    page.keyboard.press("Shift+H")
    page.get_by_text("alarms at 8 steps").wait_for(timeout=240_000)


def open_plugin(page: Page) -> None:
    """Show the method and the panel of the example."""
    page.get_by_role("tab", name="Random", exact=True).click()
    page.wait_for_function("() => window.projector.state().method === 'random'")
    page.get_by_role("tab", name="Spread").click()
    page.get_by_role("button", name="Select the outermost point").click()


#: File name, color scheme, what serves it, what to do before the picture is taken.
SCENES: tuple[
    tuple[str, str, Callable[[], AbstractContextManager[str]], Callable[[Page], None]], ...
] = (
    ("demo.png", "light", partial(served, demo), run_umap),
    ("demo-dark.png", "dark", partial(served, demo), run_umap),
    ("images.png", "dark", partial(served, demo), show_images),
    ("views.png", "light", partial(served, demo), compare_runs),
    ("clusters.png", "light", partial(served, texts), find_clusters),
    ("words.png", "dark", partial(served, words), umap_of_clusters),
    ("plugin.png", "light", served_with_plugin, open_plugin),
    ("training.png", "light", partial(served, demo), show_health),
    ("deployment.png", "light", served_to_all, show_groups),
)


NOTEBOOK = """import projector

w = projector.show("demo_data")
w"""


def in_a_notebook(browser: Browser) -> None:
    """Show the page in a cell of JupyterLab, and what is selected in it in the next one."""
    with tempfile.TemporaryDirectory() as home, running_jupyter(Path(home)) as jupyter:
        (jupyter.folder / "demo_data").symlink_to(DEMO)
        path = jupyter.write("digits.ipynb", [NOTEBOOK, "w.selection.indices"])
        page = browser.new_page(viewport={"width": 1440, "height": 940}, device_scale_factor=1)
        opened = OpenNotebook(page, jupyter, path)
        opened.execute("application:toggle-left-area")
        opened.run(0)
        frame = opened.frame()
        frame.evaluate("window.projector.select([3, 13, 23])")
        frame.wait_for_function("() => !window.projector.state().busy", timeout=240_000)
        opened.run(1)
        page.mouse.move(720, 990)
        page.wait_for_timeout(1500)
        page.screenshot(path=IMAGES / "notebook.png")
        page.close()


def in_tensorboard(browser: Browser) -> None:
    """Show a finished UMAP in the tab of TensorBoard."""
    with running_tensorboard("--logdir", str(DEMO)) as board:
        page = browser.new_page(viewport={"width": 1440, "height": 900}, device_scale_factor=1)
        page.goto(f"{board.url}/#projector_plus")
        frame = page_in_tab(page)
        frame.get_by_role("tab", name="UMAP", exact=True).click()
        frame.get_by_role("button", name="Run UMAP").click()
        frame.wait_for_function("() => window.projector.state().method === 'umap'")
        frame.wait_for_function("() => !window.projector.state().live", timeout=240_000)
        frame.evaluate("() => window.projector.select([5])")
        frame.get_by_role("listbox", name="Neighbors").get_by_role("option").first.wait_for()
        page.mouse.move(720, 890)
        frame.wait_for_function("() => !window.projector.state().busy", timeout=240_000)
        page.wait_for_timeout(1500)
        page.screenshot(path=IMAGES / "tensorboard-tab.png")
        page.close()


def main() -> None:
    """Write every picture into docs/images, or those that are named."""
    IMAGES.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for name, scheme, serving, act in SCENES:
            if len(sys.argv) > 1 and name not in sys.argv[1:]:
                continue
            with serving() as url:
                page = browser.new_page(
                    viewport={"width": 1440, "height": 900},
                    device_scale_factor=1,
                    color_scheme="dark" if scheme == "dark" else "light",
                    reduced_motion="reduce",
                )
                page.goto(url)
                page.evaluate("window.projector.ready")
                act(page)
                page.mouse.move(720, 890)
                page.wait_for_function("() => !window.projector.state().busy", timeout=240_000)
                # The last of what was asked for is still being drawn.
                page.wait_for_timeout(1500)
                page.screenshot(path=IMAGES / name)
                page.close()
            print(f"wrote docs/images/{name}")
        for name, take in (
            ("notebook.png", in_a_notebook),
            ("tensorboard-tab.png", in_tensorboard),
        ):
            if len(sys.argv) == 1 or name in sys.argv[1:]:
                take(browser)
                print(f"wrote docs/images/{name}")
        browser.close()


if __name__ == "__main__":
    main()
