"""A real TensorBoard on the loopback, with the plug-in as this checkout declares it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Frame, Page

from tests.browser.acting import PATIENCE_MS
from tests.browser.jupyter import free_port

ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0


@dataclass(frozen=True)
class TensorBoard:
    """A running TensorBoard.

    Attributes
    ----------
    url : str
        With the path prefix, without a slash at its end.
    process : subprocess.Popen
    said : Path
        What it has printed.
    """

    url: str
    process: subprocess.Popen[bytes]
    said: Path

    @property
    def tab(self) -> str:
        """Where the routes of the plug-in begin."""
        return f"{self.url}/data/plugin/projector_plus"


def declared_plugin(folder: Path) -> None:
    """Put a distribution into a folder that declares what this checkout's pyproject.toml does.

    Of two distributions with the same name the first on the path counts, so the checkout is tested
    whatever is installed.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    version = project["version"]
    home = folder / f"projector-{version}.dist-info"
    home.mkdir()
    (home / "METADATA").write_text(f"Metadata-Version: 2.1\nName: projector\nVersion: {version}\n")
    plugins = project["entry-points"]["tensorboard_plugins"].items()
    lines = [f"{name} = {value}" for name, value in plugins]
    (home / "entry_points.txt").write_text("\n".join(["[tensorboard_plugins]", *lines, ""]))


@contextmanager
def running_tensorboard(*flags: str) -> Iterator[TensorBoard]:
    """Start TensorBoard with some flags, wait until it answers, and end it afterwards.

    Its log must be free of what it complains of.
    """
    prefix = flags[flags.index("--path_prefix") + 1] if "--path_prefix" in flags else ""
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder), free_port()
        declared_plugin(home)
        path = os.pathsep.join((folder, str(ROOT)))
        own = {**os.environ, "PYTHONPATH": path, "TMPDIR": folder}
        command = [sys.executable, "-m", "tensorboard.main", "--port", str(port), *flags]
        said = home / "said.txt"
        with said.open("wb") as out:
            process = subprocess.Popen(command, env=own, stdout=out, stderr=out, cwd=folder)
        made = TensorBoard(f"http://localhost:{port}{prefix}", process, said)
        try:
            _wait(made)
            yield made
            told = made.said.read_text("utf-8")
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(30)
    # Its security rules are warnings as yet; an error of ours would be in its log.
    assert "will become an error" not in told, told
    assert "Traceback" not in told, told


def page_in_tab(page: Page) -> Frame:
    """Return our page in the open tab, once it has a picture."""
    outer = page.frame_locator("iframe[src*=projector_plus]")
    element = outer.locator("iframe[title='Projector+']")
    found = element.element_handle(timeout=PATIENCE_MS).content_frame()
    assert found is not None
    # The page's security policy forbids expressions; functions pass.
    found.wait_for_function("() => window.projector !== undefined", timeout=PATIENCE_MS)
    found.evaluate("() => window.projector.ready")
    return found


def _wait(made: TensorBoard) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if made.process.poll() is not None:
            break
        try:
            with urlopen(f"{made.url}/data/plugins_listing", timeout=10):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"TensorBoard did not answer: {made.said.read_text('utf-8')}")
