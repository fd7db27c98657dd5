"""What docs/plugins.md shows is what the example does, and keeps the contract."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import projector.testing
from projector.model.panel import Panel
from projector.plugins.entry_points import GROUPS
from projector.testing import check_panel
from tests.conftest import ROOT
from tests.plugins.installing import EXAMPLE

PAGE = (ROOT / "docs" / "plugins.md").read_text()
HOST = (ROOT / "static" / "src" / "model" / "view" / "plugin-panel.ts").read_text()


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert isinstance(found, str)
    return found


def test_the_entry_points_are_those_of_the_example() -> None:
    shown = tomllib.loads(block("toml"))["project"]["entry-points"]
    real = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]["entry-points"]
    assert shown == real
    assert set(shown) == set(GROUPS.values())


def test_the_panel_shown_keeps_the_contract(tmp_path: Path) -> None:
    (tmp_path / "panel.js").write_text(block("js"))
    check_panel(Panel("shown", "Shown", tmp_path / "panel.js"))


def test_the_table_has_all_that_a_panel_is_given() -> None:
    interface = HOST.partition("interface PanelHost {")[2].partition("\n}")[0]
    names = re.findall(r"^  (?:readonly )?(\w+)[:(]", interface, re.MULTILINE)
    assert len(names) == 7
    rows = re.findall(r"^\| `(\w+)", PAGE, re.MULTILINE)
    assert set(names) <= set(rows)


def test_the_tests_shown_can_be_run() -> None:
    code = block("python")
    compile(code, "docs/plugins.md", "exec")
    (names,) = re.findall(r"from projector\.testing import (.+)", code)
    for name in names.split(", "):
        assert hasattr(projector.testing, name)


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("export const version = 1;", "does not export mount"),
        ("export function mount() {}", "does not export version"),
        ("export const version = 1; \nexport function mount() { eval('1') }", "has eval"),
        ("import x from './x.js';\nexport const version = 1;\nexport const mount = x;", "import"),
        (
            "export const version = 1;\nexport function mount() { fetch('https://a.example/x') }",
            "an address of another server",
        ),
    ],
)
def test_a_panel_that_the_page_would_refuse_is_found(
    tmp_path: Path, module: str, message: str
) -> None:
    (tmp_path / "panel.js").write_text(module)
    with pytest.raises(AssertionError, match=message):
        check_panel(Panel("odd", "Odd", tmp_path / "panel.js"))
