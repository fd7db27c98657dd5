"""The documentation says what the program does: nothing is undocumented, no link is dead."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

import projector
from projector.api.options import parameters_of
from projector.loaders.formats.convertible import CONVERTIBLE
from projector.loaders.formats.registry import LOADERS, described

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def script(name: str) -> Any:
    """Return a script of docs as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_command_line_page_is_what_the_commands_print() -> None:
    assert (ROOT / "docs" / "cli.md").read_text() == script("make_cli").page(), (
        "run python docs/make_cli.py"
    )


def test_every_format_is_documented() -> None:
    page = (ROOT / "docs" / "formats.md").read_text()
    for loader in projector.LOADERS:
        assert f"`{loader.name}`" in page, f"docs/formats.md does not mention {loader.name}"


def test_every_method_and_parameter_is_documented() -> None:
    page = (ROOT / "docs" / "algorithms.md").read_text()
    for method in projector.METHODS.values():
        assert method.title in page
        for parameter in parameters_of(method):
            assert f"`{parameter.name}`" in page, f"{method.name}: {parameter.name}"


def test_the_parameter_tables_are_the_declarations() -> None:
    text = (ROOT / "docs" / "algorithms.md").read_text()
    assert script("make_algorithms").page(text) == text, "run python docs/make_algorithms.py"
    assert text.count("| parameter | default |") == len(projector.METHODS) + 3


def test_the_tables_of_formats_are_the_loaders() -> None:
    text = (ROOT / "docs" / "formats.md").read_text()
    assert script("make_formats").page(text) == text, "run python docs/make_formats.py"
    for loader in described():
        assert loader.gives, loader.name
        assert loader.name == "recognized" or f"\n| {loader.title} | " in text
    assert len(described()) == len(LOADERS)
    for kind in CONVERTIBLE:
        assert f"\n| {kind.title.partition(' ')[2]} | " in text


def test_every_public_name_is_documented() -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    for name in projector.__all__:
        assert f"`{name}" in page or f"projector.{name}" in page, f"docs/api.md: {name}"


def test_every_feature_of_tensorboard_has_its_row() -> None:
    page = (ROOT / "docs" / "tensorboard.md").read_text()
    rows = re.findall(r"^\| F(\d+) \| (.*?) \| (.*?) \|$", page, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 94))
    assert all(there.strip() and here.strip() for _, there, here in rows)


def test_every_dependency_earns_its_line() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    page = (ROOT / "docs" / "architecture.md").read_text()
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=!~ \[]", requirement)[0]
        assert re.search(rf"\b{re.escape(name)}\b", page), f"docs/architecture.md: {name}"


VERSION = re.compile(r'^version = "(.+?)"', re.MULTILINE)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
RELEASE = re.compile(r"\[(\d+(?:\.\d+)*)\] - \d{4}-\d\d-\d\d")
#: The sections of Keep a Changelog.
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def changelog_faults(text: str, version: str, *, is_released: bool) -> list[str]:
    """Return what is wrong with a changelog, given the project's version and if it has a tag."""

    def number(release: str) -> tuple[int, ...]:
        return tuple(map(int, release.split(".")))

    headings = HEADING.findall(text)
    releases = [match[1] for each in headings if (match := RELEASE.fullmatch(each))]
    faults = [
        f"{each!r} is neither a release with its date nor [Unreleased]"
        for each in headings
        if each != "[Unreleased]" and not RELEASE.fullmatch(each)
    ]
    faults += [
        f"unknown kind {k!r}" for k in re.findall(r"^### (.+)$", text, re.M) if k not in KINDS
    ]
    if "[Unreleased]" in headings[1:]:
        faults.append("[Unreleased] is not first")
    if sorted(releases, key=number, reverse=True) != releases:
        faults.append("releases are not in their order")
    if is_released and version not in releases:
        faults.append(f"{version} has a tag and no section")
    if version not in releases:
        section = text.partition("## [Unreleased]")[2].partition("\n## ")[0]
        if not re.search(r"^- ", section, re.MULTILINE):
            faults.append(f"nothing says what is new in {version}")
    if any(number(release) > number(version) for release in releases):
        faults.append(f"a release is newer than the project's version, {version}")
    return faults


def test_the_changelog_knows_the_version() -> None:
    version = VERSION.search((ROOT / "pyproject.toml").read_text())
    assert version is not None
    tags = f"{version[1]}\nv{version[1]}".split()
    found = subprocess.run(
        ["git", "tag", "--list", *tags], cwd=ROOT, capture_output=True, text=True, check=False
    )
    # A source archive has no tags: then the version counts as unreleased.
    is_released = found.returncode == 0 and bool(found.stdout.strip())
    text = (ROOT / "CHANGELOG.md").read_text()
    assert changelog_faults(text, version[1], is_released=is_released) == []


@pytest.mark.parametrize(
    ("text", "version", "is_released", "fault"),
    [
        ("## [Unreleased]\n- x\n## [1.0] - 2026-01-01\n- y\n", "1.1", False, ""),
        ("## [1.1] - 2026-02-02\n- x\n## [1.0] - 2026-01-01\n", "1.1", True, ""),
        ("## [Unreleased]\n- x\n## [1.0] - 2026-01-01\n", "1.1", True, "has a tag and no section"),
        ("## [Unreleased]\n\n## [1.0] - 2026-01-01\n- y\n", "1.1", False, "nothing says"),
        ("## [1.0] - 2026-01-01\n- y\n", "1.1", False, "nothing says"),
        ("## [1.10] - 2026-02-02\n## [1.9] - 2026-01-01\n", "1.9", True, "newer than"),
        ("## [1.9] - 2026-02-02\n## [1.10] - 2026-01-01\n", "1.10", True, "not in their order"),
        ("## [1.0] - 2026-01-01\n## [Unreleased]\n- x\n", "1.0", True, "not first"),
        ("## 1.0\n- x\n", "1.0", False, "neither a release"),
        ("## [Unreleased]\n### News\n- x\n", "1.0", False, "unknown kind"),
    ],
)
def test_a_wrong_changelog_is_found(text: str, version: str, is_released: bool, fault: str) -> None:
    faults = changelog_faults(text, version, is_released=is_released)
    assert bool(faults) == bool(fault)
    assert fault in "; ".join(faults)


@pytest.mark.parametrize("document", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", document.read_text()):
        if not re.match(r"https?:", target):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


@pytest.mark.parametrize("document", PAGES, ids=lambda p: p.name)
def test_files_that_are_named_exist(document: Path) -> None:
    for name in re.findall(
        r"`((?:projector|static|docs|tests|benchmarks)/[\w./-]+)`", document.read_text()
    ):
        assert (ROOT / name).exists(), f"{document.name}: {name}"


def test_the_examples_of_the_api_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "demo_data").symlink_to(ROOT / "demo_data")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for example in re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.S):
        exec(compile(example, "docs/api.md", "exec"), names)
    assert (tmp_path / "map.parquet").exists()
