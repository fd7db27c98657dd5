"""What every method promises, on registration: a new one is tested by being in `METHODS`."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from projector.compute import METHODS, Method, MethodInput, Outcome
from projector.errors import Cancelled
from projector.model.parameters import resolve
from projector.model.progress import Progress
from projector.testing.methods import METHOD_CHECKS, MethodCheck, check_method, cloud

#: Parameters that make a run short, or possible.
SHORT: dict[str, dict[str, object]] = {
    "tsne": {"n_iter": 60},
    "umap": {"n_epochs": 20},
    "axes": {"x_from": "0", "y_to": "0"},
}


@pytest.mark.parametrize("check", METHOD_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_it_keeps_the_contract(method: Method, check: MethodCheck) -> None:
    check(method, SHORT.get(method.name, {}))


@pytest.mark.parametrize(("name", "steps"), [("tsne", "n_iter"), ("umap", "n_epochs")])
def test_steps_lowered_to_those_done_stop_the_run(name: str, steps: str) -> None:
    params = resolve(METHODS[name].parameters, {steps: 500}, owner=name)
    calls: list[Progress] = []

    def lower(progress: Progress) -> None:
        calls.append(progress)
        if progress.phase == "layout" and progress.done == 7:
            params[steps] = 7

    outcome = METHODS[name].run(MethodInput(cloud(60), params, progress=lower))
    assert calls[-1].done == 7
    assert np.isfinite(outcome.positions).all()


def needs_more_for_less(params: object, n_points: int, n_dims: int) -> int:
    return 10**9 // n_points


def unseeded(inputs: MethodInput) -> Outcome:
    return Outcome(np.random.default_rng().normal(size=(len(inputs.vectors), 2)).astype("f4"))


def deaf(inputs: MethodInput) -> Outcome:
    with contextlib.suppress(Cancelled):
        return METHODS["umap"].run(inputs)
    return Outcome(np.zeros((len(inputs.vectors), 2), np.float32))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (replace(METHODS["pca"], summary="No sentence"), "summary is no sentence"),
        (replace(METHODS["pca"], run=unseeded), "positions are"),
        (replace(METHODS["umap"], run=deaf), "caught Cancelled"),
        (replace(METHODS["pca"], free_orientation=True), "free_orientation is not so"),
        (replace(METHODS["pca"], keeps_components=False), "keeps_components is not so"),
        (replace(METHODS["umap"], memory_needed=needs_more_for_less), "memory for 1,000 points"),
    ],
)
def test_a_broken_promise_is_found(broken: Method, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_method(broken, SHORT.get(broken.name, {}))


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, projector.compute, projector.compute.neighbors.search\n"
        "heavy = {'numba', 'scipy', 'sklearn', 'faiss', 'umap', 'openTSNE', 'pynndescent'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert printed.stdout.strip() == "[]"
