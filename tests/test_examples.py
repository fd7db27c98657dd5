"""The examples in the docstrings of the public names run, and print what they say."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import projector

ROOT = Path(__file__).resolve().parents[1]
#: The calls that a reader tries first must have an example.
MUST = {"load", "nearest", "neighbors", "project", "quality", "serve", "watch"}


def examples() -> list[doctest.DocTest]:
    """Return the examples of every public name and of its methods."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = []
    for name in projector.__all__:
        value = getattr(projector, name)
        if isinstance(value, type) or callable(value):
            # Without a module, all methods of a class belong to it.
            found += finder.find(value, name, module=False, globs={})
    return [each for each in found if each.examples]


EXAMPLES = examples()


def test_the_main_calls_have_examples() -> None:
    assert {example.name for example in EXAMPLES} >= MUST


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_runs(
    example: doctest.DocTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "demo_data").symlink_to(ROOT / "demo_data")
    monkeypatch.chdir(tmp_path)
    printed: list[str] = []
    doctest.DocTestRunner().run(example, out=printed.append)
    assert printed == []
