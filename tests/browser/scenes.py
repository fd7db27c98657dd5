"""Twenty-five scenes of the page that are looked at in light and in dark.

``make scenes`` writes the references again after a change that is meant: look at every one of them
before it is committed. Nothing here is computed by a method whose result depends on the processor.
"""

from __future__ import annotations

import base64
import io
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

import projector
from tests.browser.acting import PATIENCE_MS
from tests.browser.conftest import Visit, a_page, launch
from tests.browser.likeness import save_reference
from tests.conftest import DEMO

#: One font for all machines: another one breaks lines elsewhere.
FONT = DEMO.parent / (
    "static/node_modules/@fontsource-variable/noto-sans/files/noto-sans-latin-standard-normal.woff2"
)
#: Written before the page itself, so that no line is ever laid out in another font.
SET_FONT = """
const bytes = Uint8Array.from(atob('{font}'), letter => letter.charCodeAt(0));
document.fonts.add(new FontFace('Scene', bytes.buffer, {weight: '100 900'}));
const sheet = new CSSStyleSheet();
sheet.replaceSync('* { font-family: Scene !important; }');
document.adoptedStyleSheets = [sheet];
"""

REFERENCES = Path(__file__).with_name("references")
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
RUN = "#run=cnn-tanh-32"
TWO_RUNS = "#run=mlp-relu-16&view=run%3Dcnn-tanh-32"


@dataclass(frozen=True)
class Scene:
    """A place in the page, and how one comes there."""

    name: str
    act: Callable[[Visit], None]
    fragment: str = RUN
    log: Literal["demo", "empty", "broken", "crowd", "topics", "words"] = "demo"
    size: tuple[int, int] = (1280, 720)
    is_phone: bool = False


def rest(_: Visit) -> None:
    """Change nothing."""


def color_by_number(visit: Visit) -> None:
    visit.page.get_by_role("combobox", name="Color by").select_option("final_confidence")


def color_by_price(visit: Visit) -> None:
    visit.page.get_by_role("combobox", name="Color by").select_option("price")
    visit.page.get_by_text("Logarithmic scale").wait_for()


def await_clusters(visit: Visit) -> None:
    visit.page.get_by_text(re.compile(r"\d+ clusters")).wait_for()


def show_images(visit: Visit) -> None:
    visit.page.get_by_role("checkbox", name="Images").check(force=True)


def select_one(visit: Visit) -> None:
    visit.page.evaluate("window.projector.select([7])")
    visit.page.get_by_role("listbox", name="Neighbors").get_by_role("option").first.wait_for()


def select_one_below(visit: Visit) -> None:
    panels = visit.page.get_by_role("navigation", name="Panels")
    panels.get_by_role("button", name="Inspect").click()
    select_one(visit)


def filter_two_ways(visit: Visit) -> None:
    visit.page.get_by_role("tab", name="Filter").click()
    charts = visit.page.get_by_role("region", name="Charts")
    label = charts.get_by_role("region", name="label", exact=True)
    for digit in ("3", "5"):
        label.get_by_role("button", name=digit).first.click()


def open_table(visit: Visit) -> None:
    visit.page.evaluate("window.projector.select(Array.from({length: 40}, (_, i) => 9 * i))")
    visit.page.get_by_role("button", name="Table").click()
    visit.page.get_by_role("grid", name="Metadata of the points").wait_for()


def measure(tab: str, words: str) -> Callable[[Visit], None]:
    """Open what is measured of all steps, and wait for what it says."""

    def act(visit: Visit) -> None:
        visit.page.keyboard.press("Shift+H")
        region = visit.page.get_by_role("region", name="Measures of all steps")
        region.get_by_role("tab", name=tab, exact=True).click()
        region.get_by_text(re.compile(words)).first.wait_for()

    return act


def focus_a_pair(visit: Visit) -> None:
    measure("Similarity", "^The mean share of its 15 neighbors")(visit)
    visit.page.get_by_role("gridcell").focus()


def open_runs(visit: Visit) -> None:
    press("Shift+R", "Runs")(visit)
    # In the background, behind whatever else the server computes.
    visit.page.get_by_text("Health: alarms at all steps").wait_for(timeout=3 * PATIENCE_MS)


def open_problems(visit: Visit) -> None:
    visit.page.get_by_role("button", name="problem").click()
    visit.page.get_by_role("dialog").wait_for()


def show_drift(visit: Visit) -> None:
    visit.page.keyboard.press("Control+K")
    visit.page.get_by_role("combobox", name="Command").fill("drift from A to B")
    visit.page.get_by_role("option", name="Show the drift from A to B").click()
    visit.page.get_by_role("table", name="Mean drift by label").wait_for(timeout=3 * PATIENCE_MS)


def show_trails(visit: Visit) -> None:
    motion = visit.page.get_by_role("region", name="Motion of the steps")
    motion.get_by_text("that changed since step 100").wait_for(timeout=3 * PATIENCE_MS)


def steps_beside(first: int, *others: int) -> str:
    """Return the address of several steps of a run, laid out one by one."""
    parts = [
        urlencode({"run": "mlp-relu-16", "method": "pca", "steps": "alone", "step": step})
        for step in (first, *others)
    ]
    return "#" + "&".join([parts[0], *(urlencode({"view": part}) for part in parts[1:])])


def press(key: str, dialog: str) -> Callable[[Visit], None]:
    def act(visit: Visit) -> None:
        visit.page.get_by_role("application", name="Point cloud").focus()
        visit.page.keyboard.press(key)
        visit.page.get_by_role("dialog", name=dialog).wait_for()

    return act


SCENES = (
    Scene("flat", rest),
    Scene("deep", color_by_number, f"{RUN}&dims=3"),
    Scene("images", show_images),
    Scene("inspector", select_one),
    Scene("filter", filter_two_ways),
    Scene("table", open_table),
    Scene("density", rest, "#draw=density", log="crowd"),
    Scene("crowd", rest, "#draw=points", log="crowd"),
    Scene("empty", rest, "", log="empty"),
    Scene("problems", open_problems, "", log="broken"),
    Scene("commands", press("Control+k", "Commands")),
    Scene("tablet", select_one_below, size=(832, 1184)),
    Scene("topics", rest, "", log="topics"),
    Scene("prices", color_by_price, "", log="topics"),
    Scene("words", await_clusters, "", log="words"),
    Scene("phone", rest, size=(390, 844), is_phone=True),
    Scene("health", measure("Health", "^7 alarms at 8 steps"), "#run=mlp-relu-16&step=100"),
    Scene("similarity", focus_a_pair, "#run=mlp-relu-16"),
    Scene("dimensions", measure("Dimensions", "^Dead dimensions"), "#run=mlp-relu-16"),
    Scene("runs", open_runs, "#run=mlp-relu-16"),
    Scene("drift", show_drift, TWO_RUNS, size=(1440, 900)),
    Scene("small", rest, TWO_RUNS),
    Scene("four", rest, steps_beside(100, 200, 500, 2000), size=(1440, 900)),
    Scene("eight", rest, steps_beside(0, 20, 50, 100, 200, 500, 1000, 2000), size=(1440, 900)),
    Scene("trails", show_trails, f"{RUN}&steps=together&step=200"),
)


def write_crowd(folder: Path) -> None:
    """Write 200,000 points in nine heaps that lie over one another."""
    rng = np.random.default_rng(9)
    heap = rng.integers(0, 9, 200_000)
    centers = rng.normal(size=(9, 2)) * 2
    points = centers[heap] + rng.normal(size=(len(heap), 2)) * (0.1 + heap[:, None] / 8)
    np.save(folder / "crowd.npy", points.astype(np.float32))
    (folder / "metadata.tsv").write_text("\n".join(f"heap {each}" for each in heap) + "\n", "utf-8")


def write_topics(folder: Path) -> None:
    """Write forty groups with names and skewed prices."""
    rng = np.random.default_rng(3)
    topic = np.arange(6000) % 40
    centers = rng.normal(size=(40, 2)) * 4
    points = centers[topic] + rng.normal(size=(len(topic), 2)) * 0.5
    np.save(folder / "topics.npy", points.astype(np.float32))
    prices = np.exp(rng.normal(4, 1.5, len(topic)))
    rows = [f"topic {each:02d}\t{price:.2f}" for each, price in zip(topic, prices, strict=True)]
    (folder / "metadata.tsv").write_text("\n".join(["topic\tprice", *rows]) + "\n", "utf-8")


def write_words(folder: Path) -> None:
    """Write 5,200 words in groups that nothing names, as word vectors have them."""
    rng = np.random.default_rng(5)
    n_groups = 26
    syllables = [first + last for first in "bklmnrstvz" for last in "ao"]
    group = np.arange(5200) % n_groups
    areas = np.repeat(rng.normal(size=(7, 2)) * 9, 4, axis=0)[:n_groups]
    centers = areas + rng.normal(size=(n_groups, 2)) * 2.2
    points = centers[group] + rng.normal(size=(len(group), 2)) * 0.35
    far = rng.random(len(group)) < 0.1
    points[far] = rng.normal(size=(int(far.sum()), 2)) * 8
    np.save(folder / "words.npy", points.astype(np.float32))
    # Each word once: a stem that its group has alone, and two of 400 endings.
    endings = [one + other for one in syllables for other in syllables]
    stems = [f"{syllables[g % 20]}{'ie'[g // 20]}{syllables[7 * g % 20]}" for g in range(n_groups)]
    chosen = np.stack([rng.permutation(400)[:200] for _ in range(n_groups)])
    words = [f"{stems[g]}{endings[chosen[g, row // n_groups]]}" for row, g in enumerate(group)]
    (folder / "metadata.tsv").write_text("\n".join(["word", *words]) + "\n", "utf-8")


def write_broken(folder: Path) -> None:
    """Write one good file between bad ones."""
    np.save(folder / "good.npy", np.random.default_rng(1).normal(size=(300, 8)).astype(np.float32))
    (folder / "cut.npy").write_bytes((folder / "good.npy").read_bytes()[:1000])
    (folder / "model.ckpt.index").write_bytes(b"no table at all")
    (folder / "projector_config.pbtxt").write_text('embeddings { tensor_path: "../away.tsv" }')


@contextmanager
def served(log: str) -> Iterator[str]:
    """Serve one of the logs, and give the address."""
    if log == "demo":
        with projector.serve(DEMO, port=0) as server:
            yield server.url
        return
    with tempfile.TemporaryDirectory() as folder:
        logdir = Path(folder) / log
        logdir.mkdir()
        if log == "crowd":
            write_crowd(logdir)
        elif log == "topics":
            write_topics(logdir)
        elif log == "words":
            write_words(logdir)
        elif log == "broken":
            write_broken(logdir)
        with projector.serve(logdir, port=0) as server:
            yield server.url


def take(browser: Browser, url: str, scene: Scene, theme: Theme) -> Image.Image:
    """Go to a scene, wait until the page rests, and take its picture."""
    touch = {"has_touch": True, "is_mobile": True} if scene.is_phone else {}
    with a_page(browser, url, scene.size, color_scheme=theme, **touch) as visit:
        page = visit.page
        font = base64.b64encode(FONT.read_bytes()).decode("ascii")
        page.add_init_script(SET_FONT.replace("{font}", font))
        page.goto(url + scene.fragment)
        if scene.log != "empty":
            visit.ready()
        visit.settle()
        scene.act(visit)
        page.mouse.move(scene.size[0] / 2, scene.size[1] - 2)
        visit.settle()
        shot = page.screenshot(animations="disabled", caret="hide")
    with Image.open(io.BytesIO(shot)) as image:
        return image.convert("RGB")


def reference(scene: Scene, theme: Theme) -> Path:
    return REFERENCES / f"{scene.name}-{theme}.webp"


def main(names: Sequence[str]) -> None:
    """Write the references of some scenes again, or all of them."""
    scenes = [each for each in SCENES if not names or each.name in names]
    with (
        tempfile.TemporaryDirectory() as cache,
        pytest.MonkeyPatch.context() as patch,
        sync_playwright() as playwright,
        ExitStack() as stack,
    ):
        patch.setenv("PROJECTOR_CACHE_DIR", cache)
        browser = launch(playwright)
        stack.callback(browser.close)
        addresses = {log: stack.enter_context(served(log)) for log in {each.log for each in scenes}}
        for scene, theme in product(scenes, THEMES):
            path = reference(scene, theme)
            save_reference(take(browser, addresses[scene.log], scene, theme), path)
            print(f"wrote {path.relative_to(DEMO.parent)}")


if __name__ == "__main__":
    main(sys.argv[1:])
