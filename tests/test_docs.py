"""The documentation says what the program does: nothing is undocumented, no link is dead."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

import projector
from projector.api.options import parameters_of

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
        assert f"`{loader.name}`" in page, f"docs/formats.md does not tell of {loader.name}"


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


def test_every_public_name_is_documented() -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    for name in projector.__all__:
        assert f"`{name}" in page or f"projector.{name}" in page, f"docs/api.md: {name}"


def test_every_dependency_earns_its_line() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    page = (ROOT / "docs" / "architecture.md").read_text()
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=!~ \[]", requirement)[0]
        assert re.search(rf"\b{re.escape(name)}\b", page), f"docs/architecture.md: {name}"


def test_the_changelog_knows_the_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    version = re.search(r'^version = "(.+?)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert f"[{version[1]}]" in text or "[Unreleased]" in text


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
