from __future__ import annotations

import sys
import threading
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import projector
from projector.notebook.kernel import RunningCell, running_cell
from projector.notebook.replaced import PagesOfCells
from tests.notebook.fake_page import PATIENCE_SECONDS


class Page:
    def __init__(self) -> None:
        self.is_retired = False

    def retire(self) -> None:
        self.is_retired = True


def test_a_cell_that_is_run_again_lets_its_pages_go() -> None:
    of_cells = PagesOfCells()
    first, second, other, unknown, again = (Page() for _ in range(5))
    of_cells.add(first, RunningCell("a", "1"))
    of_cells.add(second, RunningCell("a", "1"))
    of_cells.add(other, RunningCell("b", "2"))
    of_cells.add(unknown, None)
    assert not any(each.is_retired for each in (first, second, other, unknown))
    of_cells.add(again, RunningCell("a", "3"))
    assert [each.is_retired for each in (first, second, other, unknown, again)] == [
        True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"metadata": {"cellId": "c"}, "header": {"msg_id": "m"}}, RunningCell("c", "m")),
        ({"metadata": {}, "header": {"msg_id": "m"}}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_kernel_says_which_cell_runs(
    monkeypatch: pytest.MonkeyPatch, request_: Any, expected: RunningCell | None
) -> None:
    kernel = SimpleNamespace(get_parent=lambda channel: request_)
    fake = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=kernel))
    monkeypatch.setitem(sys.modules, "IPython", fake)
    assert running_cell() == expected


def test_a_retired_widget_ends_when_its_last_page_leaves() -> None:
    closed = threading.Event()
    w = projector.show(np.zeros((3, 2)))
    w._on_close = closed.set
    w._receive(w, {"kind": "hello", "view": "page"}, [b"1234"])
    w.retire()
    assert w.selection.indices.tolist() == []
    assert not closed.is_set()
    w._receive(w, {"kind": "gone", "view": "page"}, [])
    assert closed.wait(PATIENCE_SECONDS)
    w.session.close()
