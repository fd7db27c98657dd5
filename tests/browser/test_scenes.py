"""Visual regression: twenty-five scenes, light and dark, against references.

The tolerance is stated in ``likeness``.

After a change that is meant: ``make scenes``, and look at each picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageEnhance
from playwright.sync_api import Browser

from tests.browser.likeness import difference
from tests.browser.scenes import SCENES, THEMES, Scene, Theme, reference, served, take

pytestmark = pytest.mark.browser

RESULTS = Path(__file__).resolve().parents[2] / "test-results"


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        # A cache of their own: how long a method took in another test would be on the screen.
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("PROJECTOR_CACHE_DIR", str(tmp_path_factory.mktemp("scenes")))
        yield {log: stack.enter_context(served(log)) for log in {each.log for each in SCENES}}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_scene_looks_as_it_did(
    browser: Browser, addresses: dict[str, str], scene: Scene, theme: Theme
) -> None:
    shot = take(browser, addresses[scene.log], scene, theme)
    path = reference(scene, theme)
    with Image.open(path) as known:
        found = difference(shot, known)
    if not found.is_alike:
        RESULTS.mkdir(exist_ok=True)
        shot.save(RESULTS / f"{path.stem}.png")
    assert found.is_alike, f"{path.name}: {found}; see test-results/{path.stem}.png"


def open_reference(scene: Scene, theme: Theme) -> Image.Image:
    with Image.open(reference(scene, theme)) as image:
        whole = image.convert("RGB")
    return whole.resize(scene.size, Image.Resampling.NEAREST)


def test_no_scene_passes_for_another_one() -> None:
    shots = [open_reference(s, t) for s in SCENES if s.size == (1280, 720) for t in THEMES]
    for i, one in enumerate(shots):
        for other in shots[:i]:
            assert not difference(one, other).is_alike


@pytest.mark.parametrize("theme", THEMES)
def test_what_a_glance_sees_is_seen(theme: Theme) -> None:
    flat = open_reference(SCENES[0], theme)
    assert difference(flat, flat).is_alike
    assert not difference(flat, ImageEnhance.Color(flat).enhance(0)).is_alike, "no colors"
    assert not difference(flat, ImageChops.offset(flat, 8, 0)).is_alike, "all a little aside"
    covered = flat.copy()
    covered.paste((128, 128, 128), (400, 200, 640, 340))
    assert not difference(flat, covered).is_alike, "a box over the points"
