"""When must the page be built, with which Node.js, and what is said when it cannot be."""

import importlib.util
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load_hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_hook", ROOT / "static" / "build_hook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hook = load_hook()


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """Return a front end with one source, built."""
    folder = tmp_path / "static"
    for path, text in {"src/main.ts": "1", "index.html": "<p>", "dist/index.html": "<p>"}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    record = json.dumps({"sources_sha256": hook.sources_digest(folder)})
    (folder / "dist" / "build.json").write_text(record)
    return folder


def test_the_page_is_fresh_after_a_build(static: Path) -> None:
    assert hook.is_fresh(static)


@pytest.mark.parametrize("path", ["src/main.ts", "src/new.ts", "package.json", ".npmrc"])
def test_a_changed_source_makes_the_page_stale(static: Path, path: str) -> None:
    (static / path).write_text("changed")
    assert not hook.is_fresh(static)


def test_a_renamed_source_makes_the_page_stale(static: Path) -> None:
    (static / "src" / "main.ts").rename(static / "src" / "start.ts")
    assert not hook.is_fresh(static)


@pytest.mark.parametrize(
    "path", ["tests/main.spec.ts", "node_modules/a/index.js", "notes.md", ".cache", "build_hook.py"]
)
def test_what_the_page_is_not_made_of_leaves_it_fresh(static: Path, path: str) -> None:
    (static / path).parent.mkdir(parents=True, exist_ok=True)
    (static / path).write_text("changed")
    assert hook.is_fresh(static)


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"sources_sha256": 1}', "\udcff"])
def test_a_damaged_record_means_stale(static: Path, record: str) -> None:
    (static / "dist" / "build.json").write_bytes(record.encode("utf-8", "surrogateescape"))
    assert not hook.is_fresh(static)


def test_a_missing_page_means_stale(static: Path) -> None:
    (static / "dist" / "index.html").unlink()
    assert not hook.is_fresh(static)


@pytest.mark.parametrize(
    ("version", "suitable"),
    [
        ("v18.20.4", False),
        ("v20.18.9", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("v100.0.0", True),
        ("", False),
        ("nonsense", False),
    ],
)
def test_vite_runs_on(version: str, suitable: bool) -> None:
    assert hook.is_suitable(version) is suitable


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (
            "error during build:\n\x1b[31m[PARSE_ERROR] \x1b[0mOops in a.ts\n",
            "[PARSE_ERROR] Oops in a.ts",
        ),
        (
            "error in b:\n    at someError (file.mjs:1)\nError: no file a.ts\n",
            "Error: no file a.ts",
        ),
        ("npm error code EUSAGE\nnpm error more\n", "npm error code EUSAGE"),
        ("    at anError (file.mjs:1)\n", "it gave no reason"),
    ],
)
def test_the_first_reason_is_told(output: str, reason: str) -> None:
    said = hook.explain_failure(["npm", "run", "build"], output)
    assert said.startswith(f"`npm run build` failed ({reason}). Run `npm run build` in static/")


def write_locks(static: Path, installed_version: str) -> None:
    wanted = {
        "": {"name": "page"},
        "node_modules/vite": {"version": "8.0.0"},
        "node_modules/vitest": {"version": "4.0.0", "dev": True},
        "node_modules/native-for-elsewhere": {"version": "1.0.0", "optional": True},
    }
    (static / "package-lock.json").write_text(json.dumps({"packages": wanted}))
    (static / "node_modules").mkdir()
    installed = {"packages": {"node_modules/vite": {"version": installed_version}}}
    (static / "node_modules" / ".package-lock.json").write_text(json.dumps(installed))


def test_libraries_that_are_there_are_not_fetched_again(static: Path) -> None:
    assert not hook.has_libraries(static)
    write_locks(static, installed_version="8.0.0")
    assert hook.has_libraries(static)


def test_libraries_of_another_version_are_fetched(static: Path) -> None:
    write_locks(static, installed_version="7.0.0")
    assert not hook.has_libraries(static)


def write_command(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of what the build reads, with a page that was never built."""
    root = tmp_path / "checkout"
    skip = shutil.ignore_patterns("node_modules", "dist", "__pycache__", "tests")
    for name in ("projector", "static"):
        shutil.copytree(ROOT / name, root / name, ignore=skip)
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, root / name)
    return root


def build_wheel(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet"]
    return subprocess.run(
        [*command, "--wheel-dir", str(checkout / "wheels"), str(checkout)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform == "win32", reason="the stand-ins for node and npm are shell scripts"
)
@pytest.mark.parametrize(
    ("npm", "expected"),
    [
        (
            "echo 'npm error code ECONNREFUSED' >&2; exit 1",
            "`npm ci` cannot fetch the page's libraries (ECONNREFUSED)",
        ),
        (
            '[ "$1" = ci ] || { echo "error in build:"; echo "Error: no file a.ts"; exit 1; }',
            "`npm run build` failed (Error: no file a.ts)",
        ),
        ("[ $1 = ci ]", "`npm run build` failed (it gave no reason)"),
        ("exit 0", "`npm run build` wrote no static/dist/index.html"),
    ],
    ids=["registry out of reach", "broken source", "silent", "wrong place"],
)
def test_a_page_that_can_not_be_built_is_one_line(
    checkout: Path, tmp_path: Path, npm: str, expected: str
) -> None:
    commands = tmp_path / "bin"
    commands.mkdir()
    write_command(commands / "node", "echo v22.12.0")
    write_command(commands / "npm", npm)

    done = build_wheel(checkout, PATH=os.pathsep.join([str(commands), os.environ["PATH"]]))

    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert "Traceback" not in output
    said = [line.strip() for line in output.splitlines() if "projector: " in line]
    assert len(said) == 1
    assert said[0].startswith(f"projector: {expected}")
    assert "[1 lines of output]" in output, output


@pytest.mark.slow
def test_the_page_can_be_left_out(checkout: Path) -> None:
    done = build_wheel(checkout, PROJECTOR_SKIP_PAGE="1")
    assert done.returncode == 0, done.stderr
    assert not (checkout / "static" / "dist").exists()
