"""Take the pictures of the documentation from the running program: ``make screenshots``."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import projector

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


#: File name, color scheme, what to do before the picture is taken.
SCENES: tuple[tuple[str, str, Callable[[Page], None]], ...] = (
    ("demo.png", "light", run_umap),
    ("demo-dark.png", "dark", run_umap),
    ("images.png", "dark", show_images),
)


def main() -> None:
    """Write every picture into docs/images."""
    IMAGES.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with projector.serve(DEMO, port=0) as server, sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for name, scheme, act in SCENES:
            page = browser.new_page(
                viewport={"width": 1440, "height": 900},
                device_scale_factor=1,
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            page.goto(server.url)
            page.evaluate("window.projector.ready")
            act(page)
            page.mouse.move(720, 890)
            page.wait_for_function("() => !window.projector.state().busy")
            # The last of what was asked for is still being drawn.
            page.wait_for_timeout(1500)
            page.screenshot(path=IMAGES / name)
            page.close()
            print(f"wrote docs/images/{name}")
        browser.close()


if __name__ == "__main__":
    main()
