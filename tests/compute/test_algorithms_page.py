"""docs/algorithms.md has the tables of the declarations."""

from __future__ import annotations

import importlib.util
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_tables_are_the_declarations() -> None:
    spec = importlib.util.spec_from_file_location("make_algorithms", DOCS / "make_algorithms.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (DOCS / "algorithms.md").read_text(encoding="utf-8")
    assert text == module.page(text), "run python docs/make_algorithms.py"
    assert text.count("| parameter | default |") == 5
