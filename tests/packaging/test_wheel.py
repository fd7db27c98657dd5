"""The wheel holds all that a person needs, installs without Node.js, and serves the page."""

import importlib.metadata
import json
import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_WHEEL_BYTES = 5_000_000
MAX_PACKAGES = 45

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="paths and signals are those of POSIX"),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project, so that building leaves the checkout alone."""
    root = tmp_path_factory.mktemp("checkout") / "projector"
    skip = shutil.ignore_patterns("node_modules", "__pycache__", ".*_cache")
    for name in ("projector", "static", "demo_data"):
        shutil.copytree(ROOT / name, root / name, ignore=skip)
    for path in [
        *ROOT.glob("*.md"),
        ROOT / "pyproject.toml",
        ROOT / "LICENSE",
        ROOT / ".gitignore",
    ]:
        shutil.copy(path, root / path.name)
    return root


def build(checkout: Path, kind: str) -> Path:
    """Build the ``wheel`` or ``sdist``, isolated from this environment as users' builds are."""
    out = checkout.parent / kind
    subprocess.run(
        [sys.executable, "-m", "build", f"--{kind}", "--outdir", str(out), str(checkout)],
        check=True,
        timeout=300,
    )
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    return build(checkout, "wheel")


def referenced(page: str) -> list[str]:
    """Return the addresses of the scripts, styles and preloads that a page names."""
    return re.findall(r"""<(?:script|link)\b[^>]*?\b(?:src|href)=["']([^"']+)["']""", page)


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= MAX_WHEEL_BYTES


def test_the_wheel_holds_the_page(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        page = archive.read("projector/_static/index.html").decode()
    assets = referenced(page)
    assert any(asset.endswith(".js") for asset in assets)
    for asset in assets:
        assert f"projector/_static/{asset.removeprefix('./')}" in names


def test_the_wheel_holds_the_page_for_notebooks(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    found = {each.rpartition("/")[2] for each in names if "/_static/notebook/" in each}
    assert found == {"page.css", "page.js", "widget.js"}


def test_the_wheel_holds_the_demo_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("projector/demo_data/")}
    demo_data = ROOT / "demo_data"
    expected = {
        f"projector/demo_data/{path.relative_to(demo_data).as_posix()}"
        for path in demo_data.rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    }
    assert held == expected


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"projector", f"projector-{importlib.metadata.version('projector')}.dist-info"}


def unpack(sdist: Path, folder: Path) -> None:
    """Write every file of an archive into a folder."""
    # Not extractall: its `filter` is demanded by Python 3.12 and unknown to 3.11.3.
    with tarfile.open(sdist) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                target = folder / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())


def test_an_sdist_carries_the_built_page(checkout: Path, wheel: Path, tmp_path: Path) -> None:
    """Its page is fresh by its own record: the hook then asks for no Node.js."""
    assert wheel.exists()  # so the page is built, and the sdist need not build it again
    unpack(build(checkout, "sdist"), tmp_path)
    (root,) = tmp_path.iterdir()
    script = "import build_hook, pathlib; print(build_hook.is_fresh(pathlib.Path()))"
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=root / "static", capture_output=True, text=True
    )
    assert answer.stdout.strip() == "True", answer.stderr
    assert (root / "demo_data" / "make_demo_data.py").is_file()


@dataclass(frozen=True)
class Installation:
    """An environment that holds the wheel and what it requires, and nothing of ours."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return an environment whose ``PATH`` holds the installed commands alone: no Node.js."""
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
        cache = {"XDG_CACHE_HOME": str(self.folder / "cache")}
        return {**keep, **cache, "PATH": str(self.folder / "bin")}

    def run(self, command: str, *arguments: str) -> str:
        """Return what a command printed."""
        done = subprocess.run(
            [str(self.folder / "bin" / command), *arguments],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=600,
        )
        return done.stdout


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("installation"))
    venv.create(installation.folder, with_pip=True)
    assert shutil.which("node", path=installation.environment["PATH"]) is None
    # Downloads come from the cache of the person who runs the tests: XDG_CACHE_HOME stays.
    pip = [str(installation.folder / "bin" / "pip"), "install", "--quiet", str(wheel)]
    path = {"PATH": installation.environment["PATH"]}
    subprocess.run(pip, env={**os.environ, **path}, check=True, timeout=600)
    return installation


def test_few_packages_are_installed(installation: Installation) -> None:
    listed = json.loads(installation.run("pip", "list", "--format", "json"))
    names = {package["name"].lower() for package in listed}
    assert len(names) <= MAX_PACKAGES, sorted(names)
    assert not names & {"torch", "tensorflow", "tensorflow-cpu", "tensorboard"}


def test_the_version_is_told(installation: Installation) -> None:
    assert importlib.metadata.version("projector") in installation.run("projector", "--version")


@pytest.fixture
def server(installation: Installation) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [str(installation.folder / "bin" / "projector"), "--port", "0", "--no-open"],
        env=installation.environment,
        cwd=installation.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        process.kill()


def first_line(process: subprocess.Popen[str], timeout_seconds: float) -> str:
    """Return the first line on standard output, or fail with what stands on standard error."""
    assert process.stdout is not None
    assert process.stderr is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        ready = selector.select(timeout_seconds)
    line = process.stdout.readline() if ready else ""
    if not line:
        process.kill()
        pytest.fail(f"no line on standard output; standard error: {process.stderr.read()}")
    return line


def get(address: str) -> tuple[str, bytes]:
    """Return content type and body."""
    with urlopen(address, timeout=60) as answer:
        return answer.headers.get_content_type(), answer.read()


def test_the_installed_command_serves_the_demo(server: subprocess.Popen[str]) -> None:
    line = first_line(server, timeout_seconds=120)
    match = re.fullmatch(r"projector: (http://127\.0\.0\.1:\d+/\S*)\n", line)
    assert match is not None, line
    address = match[1]

    kind, page = get(address)
    assert kind == "text/html"
    assets = referenced(page.decode())
    assert any(asset.endswith(".js") for asset in assets)
    for asset in assets:
        kind, body = get(urljoin(address, asset))
        assert body
        assert kind != "text/html", f"{asset} answered with a page"

    kind, body = get(urljoin(address, "/api/v1/log"))
    assert kind == "application/json"
    assert {"mlp-relu-16", "cnn-tanh-32"} <= set(re.findall(r'"([\w-]+)"', body.decode()))

    server.send_signal(signal.SIGINT)
    _, errors = server.communicate(timeout=120)
    assert server.returncode in (0, 130)
    assert "Traceback" not in errors
