"""The examples in the docstrings of the public calls run, and print what they say."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from projector.loaders import Log, load, open_logdir

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "call", [open_logdir, load, Log.load, Log.find], ids=lambda c: c.__qualname__
)
def test_examples_run(call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = doctest.DocTestFinder(recurse=False).find(call, globs={})
    assert example.examples
    failures: list[str] = []
    doctest.DocTestRunner(verbose=False).run(example, out=failures.append)
    assert failures == []
