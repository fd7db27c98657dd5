"""A real JupyterLab or Notebook 7 on the loopback, and one notebook of it in a browser."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil
from playwright.sync_api import Frame, Page

from tests.browser.acting import PATIENCE_MS, until

ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Jupyter:
    """A running server of notebooks.

    Attributes
    ----------
    url : str
    folder : Path
        Where its notebooks are.
    """

    url: str
    folder: Path

    def write(self, name: str, cells: Sequence[str]) -> Path:
        """Write a notebook of some cells of code, none of which has run."""
        made = {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell-{at}",
                    "metadata": {},
                    "execution_count": None,
                    "outputs": [],
                    "source": source,
                }
                for at, source in enumerate(cells)
            ],
            "metadata": {
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        path = self.folder / name
        path.write_text(json.dumps(made), "utf-8")
        return path


def own_environment(home: Path) -> dict[str, str]:
    """Return an environment with nothing of the person's own settings of notebooks."""
    folders = (
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "IPYTHONDIR",
        "XDG_CONFIG_HOME",
    )
    own = {name: str(home / name.lower()) for name in folders}
    # The kernel is to have this checkout, also where another one is installed.
    return {**os.environ, **own, "PYTHONPATH": str(ROOT)}


def free_port() -> int:
    """Return a port of the loopback that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running_jupyter(home: Path, program: str = "jupyterlab") -> Iterator[Jupyter]:
    """Run ``jupyterlab`` or ``notebook`` with nothing of the person's own settings."""
    folder = home / "notebooks"
    folder.mkdir(parents=True)
    # Nothing is asked of the person, and nothing is fetched from elsewhere.
    settings = home / "jupyter_config_dir" / "lab" / "user-settings" / "@jupyterlab"
    (settings / "apputils-extension").mkdir(parents=True)
    notifications = settings / "apputils-extension" / "notification.jupyterlab-settings"
    notifications.write_text('{"fetchNews": "false", "checkForUpdates": false}', "utf-8")
    port = free_port()
    application = "LabApp" if program == "jupyterlab" else "JupyterNotebookApp"
    options = (
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder}",
        "--IdentityProvider.token=",
        f"--{application}.expose_app_in_browser=True",
    )
    with (home / "log.txt").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", program, *options],
            env=own_environment(home),
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_for(f"{url}api", process, home / "log.txt")
        yield Jupyter(url, folder)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and its kernels: it forgets to where one of them is being restarted."""
    kernels = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(20)
    process.kill()
    process.wait()
    for kernel in kernels:
        with contextlib.suppress(psutil.NoSuchProcess):
            kernel.kill()


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a program that was started answers."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(url):
                return
        except URLError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer:\n{log.read_text()}")


class OpenNotebook:
    """A notebook that is open in a browser, with a kernel of its own."""

    def __init__(self, page: Page, jupyter: Jupyter, path: Path, place: str = "lab/tree") -> None:
        self.page = page
        self._path = path
        page.goto(f"{jupyter.url}{place}/{path.name}?reset")
        until(page, self._is_open, "the notebook's kernel")

    def run(self, at: int) -> None:
        """Run a cell and wait until it has ended."""
        before = self._count(at)
        self.start(at)
        until(self.page, lambda: self._count(at) not in (None, before), f"the end of cell {at}")

    def start(self, at: int) -> None:
        """Begin to run a cell."""
        self._evaluate(
            """(notebook, at) => {
                notebook.content.activeCellIndex = at;
                void window.jupyterapp.commands.execute('notebook:run-cell');
            }""",
            at,
        )

    def printed(self, at: int) -> str:
        """Return what a cell has printed."""
        found: str = self._evaluate(
            """(notebook, at) => notebook.model.cells.get(at).outputs.toJSON()
                .map((each) => each.text ?? each.data?.['text/plain'] ?? each.evalue ?? '')
                .flat().join('')""",
            at,
        )
        return found

    def execute(self, command: str, **given: str) -> None:
        """Run a command of JupyterLab."""
        self.page.evaluate(
            "([name, given]) => window.jupyterapp.commands.execute(name, given)", [command, given]
        )

    def kernel(self, script: str) -> None:
        """Do something with JupyterLab's connection to the kernel."""
        session = "window.jupyterapp.shell.currentWidget.sessionContext.session"
        self.page.evaluate(f"() => {{ const {{ kernel }} = {session}; {script} }}")

    def frame(self, at: int = 0) -> Frame:
        """Return the page in the frame of the widget with this number, once it has a picture."""
        element = self.page.locator("iframe[title=projector]").nth(at)
        element.wait_for(timeout=PATIENCE_MS)
        handle = element.element_handle()
        found = handle.content_frame()
        assert found is not None
        found.wait_for_function("() => window.projector !== undefined")
        found.evaluate("window.projector.ready")
        return found

    def saved(self) -> dict[str, Any]:
        """Save the notebook and return the file's content."""
        self.execute("docmanager:save")
        found: dict[str, Any] = json.loads(self._path.read_text("utf-8"))
        return found

    def _is_open(self) -> bool:
        return bool(
            self.page.evaluate(
                """() => {
                    const notebook = window.jupyterapp?.shell.currentWidget;
                    return notebook?.sessionContext?.session?.kernel?.status === 'idle'
                        && notebook.content?.widgets.length > 0;
                }"""
            )
        )

    def _count(self, at: int) -> int | None:
        found: int | None = self._evaluate(
            "(notebook, at) => notebook.model.cells.get(at).executionState === 'running'"
            " ? null : notebook.model.cells.get(at).executionCount",
            at,
        )
        return found

    def _evaluate(self, script: str, at: int) -> Any:
        return self.page.evaluate(
            f"(at) => ({script})(window.jupyterapp.shell.currentWidget, at)", at
        )
