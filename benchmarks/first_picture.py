"""How long a person waits: from the start of the process to the first picture of the demo data.

Each round starts a fresh process with an empty cache and opens the page in a Chromium that runs
already; rendering is by software, so that the figure does not depend on a graphics card.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import Browser, sync_playwright

ROUNDS = 5
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
)


def one_round(browser: Browser) -> tuple[float, float, float]:
    """Return the seconds to the imports' floor, to the serving line and to the first picture."""
    bare = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import numpy, flask"], check=True)
    floor = time.perf_counter() - bare
    with tempfile.TemporaryDirectory() as cache:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "projector", "--port", "0", "--no-open"],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PROJECTOR_CACHE_DIR": cache},
        )
        assert process.stdout is not None
        url = process.stdout.readline().split(maxsplit=1)[1].strip()
        serving = time.perf_counter() - began
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(url)
        page.evaluate("window.projector.ready")
        drawn = time.perf_counter() - began
        page.close()
        process.terminate()
        process.wait()
    return floor, serving, drawn


def main() -> None:
    """Print the table."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        browser.new_page().close()
        rounds = [one_round(browser) for _ in range(ROUNDS)]
        browser.close()
    print(f"demo data, empty cache, {ROUNDS} rounds, seconds: median (fastest to slowest)")
    names = ("python -c 'import numpy, flask'", "serving line", "first picture")
    for name, values in zip(names, zip(*rounds, strict=True), strict=True):
        spread = f"({min(values):.2f} to {max(values):.2f})"
        print(f"{name:35} {statistics.median(values):6.2f}  {spread}")


if __name__ == "__main__":
    main()
