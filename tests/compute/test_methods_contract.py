"""What every method promises, on registration: a new one is tested by being in `METHODS`."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.compute import METHODS, Method, MethodInput, Outcome
from projector.compute.neighbors.search import find_neighbors
from projector.errors import Cancelled, ParameterError
from projector.model.parameters import Parameter, Value, resolve
from projector.model.progress import Progress, ProgressCallback, ignore_progress

#: Parameters that make a run short, or possible.
SHORT: dict[str, dict[str, object]] = {
    "tsne": {"n_iter": 60},
    "umap": {"n_epochs": 20},
    "axes": {"x_from": "0", "y_to": "0"},
}

every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)


def cloud(n_points: int, n_dims: int = 6, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_points, n_dims)).astype(np.float32)


def project(
    method: Method,
    vectors: NDArray[np.float32],
    *,
    progress: ProgressCallback = ignore_progress,
    **given: object,
) -> Outcome:
    params = resolve(method.parameters, {**SHORT.get(method.name, {}), **given}, owner=method.name)
    neighbors = None
    if method.neighbors_needed is not None:
        k, metric = method.neighbors_needed(params, len(vectors))
        neighbors = find_neighbors(vectors, k, metric=metric)
    return method.run(MethodInput(vectors, params, neighbors, progress=progress))


@every_method
@pytest.mark.parametrize("n_components", [2, 3])
@pytest.mark.parametrize("n_points", [1, 2, 3, 4, 5, 17, 200])
def test_every_point_gets_a_finite_place(method: Method, n_components: int, n_points: int) -> None:
    outcome = project(method, cloud(n_points), n_components=n_components)
    assert outcome.positions.shape == (n_points, n_components)
    assert outcome.positions.dtype == np.float32
    assert np.isfinite(outcome.positions).all()


@every_method
@pytest.mark.parametrize("n_dims", [1, 2])
def test_fewer_dimensions_than_the_projection_are_enough(method: Method, n_dims: int) -> None:
    assert np.isfinite(project(method, cloud(60, n_dims), n_components=3).positions).all()


@every_method
def test_duplicates_and_identical_points_are_placed(method: Method) -> None:
    assert np.isfinite(project(method, np.repeat(cloud(20), 5, axis=0)).positions).all()
    assert np.isfinite(project(method, np.ones((50, 4), np.float32)).positions).all()


@every_method
@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_the_unit_of_the_numbers_does_not_matter(method: Method, scale: float) -> None:
    vectors = cloud(120) * np.float32(scale)
    assert np.isfinite(project(method, vectors).positions).all()


@every_method
def test_the_same_seed_gives_the_same_bytes(method: Method) -> None:
    first, second = (project(method, cloud(150), random_state=3) for _ in range(2))
    assert first.positions.tobytes() == second.positions.tobytes()


@every_method
def test_read_only_vectors_are_enough_and_stay_as_they_are(method: Method) -> None:
    vectors = cloud(80)
    before = vectors.copy()
    vectors.setflags(write=False)
    project(method, vectors)
    np.testing.assert_array_equal(vectors, before)


@every_method
@pytest.mark.parametrize("after", [0, 1, 5])
def test_cancelled_in_progress_stops_the_run(method: Method, after: int) -> None:
    calls: list[Progress] = []

    def stop(progress: Progress) -> None:
        calls.append(progress)
        if len(calls) > after:
            raise Cancelled

    project(method, cloud(100), progress=calls.append)
    n_reports = len(calls)
    calls.clear()
    if after < n_reports:
        with pytest.raises(Cancelled):
            project(method, cloud(100), progress=stop)
        assert len(calls) == after + 1


@every_method
def test_progress_shows_positions_and_comes_to_its_end(method: Method) -> None:
    calls: list[Progress] = []
    outcome = project(method, cloud(100), progress=calls.append)
    shown = [each for each in calls if each.positions is not None]
    assert shown
    assert all(
        each.positions is not None and each.positions.shape == (100, each.positions.shape[1])
        for each in shown
    )
    assert all(0 <= each.done <= each.total for each in calls)
    assert shown[-1].done == shown[-1].total
    assert shown[-1].positions is not None
    np.testing.assert_array_equal(shown[-1].positions, outcome.positions)


@every_method
def test_details_are_json(method: Method) -> None:
    import json

    json.dumps(project(method, cloud(60)).details, allow_nan=False)


@every_method
def test_a_method_finds_its_own_neighbors_where_none_are_given(method: Method) -> None:
    params = resolve(method.parameters, SHORT.get(method.name, {}), owner=method.name)
    alone = method.run(MethodInput(cloud(90), params))
    np.testing.assert_array_equal(alone.positions, project(method, cloud(90)).positions)


@every_method
def test_every_declaration_can_be_read_and_describes_itself(method: Method) -> None:
    assert method.title
    assert method.summary.endswith(".")
    names = [each.name for each in method.parameters]
    assert len(set(names)) == len(names)
    assert {"n_components", "random_state"} <= set(names)
    for each in method.parameters:
        assert each.help.endswith(".")
        if each.default is not None:
            assert each.check(each.default, owner=method.name) == each.default


@every_method
def test_live_parameters_are_read_again_while_it_runs(method: Method) -> None:
    """Whatever is changed at the first step changes the result, for some value of its range."""
    by_name = {each.name: each for each in method.parameters}
    assert set(method.live) <= set(by_name)
    for name in method.live:
        plain = run_changed(method, name, None)
        others = other_values(by_name[name])
        assert others, f"{name}: cannot be changed to anything"
        assert any(run_changed(method, name, other) != plain for other in others), name


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


def run_changed(method: Method, name: str, value: Value) -> bytes:
    """Return the positions of a run in which a parameter gets `value` at its first step."""
    params = resolve(method.parameters, SHORT.get(method.name, {}), owner=method.name)

    def change(progress: Progress) -> None:
        if progress.phase == "layout" and value is not None:
            params[name] = value

    return method.run(MethodInput(cloud(60), params, progress=change)).positions.tobytes()


def other_values(parameter: Parameter) -> list[Value]:
    """Return some allowed values that are not the default."""
    values: list[Value] = [True, False, *parameter.choices]
    if parameter.kind in ("int", "float"):
        ends = [end for end in (parameter.low, parameter.high) if end is not None]
        values = [*ends, sum(ends) / 2, 2.0]
    return [
        checked
        for each in values
        if (checked := allowed(parameter, each)) not in (None, parameter.default)
    ]


def allowed(parameter: Parameter, value: Value) -> Value:
    """Return a value as the parameter's type; None where it is not allowed."""
    try:
        return parameter.check(value, owner="the contract")
    except ParameterError:
        return None


@every_method
def test_actions_are_done_and_the_result_stays_finite(method: Method) -> None:
    params = resolve(method.parameters, SHORT.get(method.name, {}), owner=method.name)
    plain = method.run(MethodInput(cloud(60), params))
    for action in method.actions:
        assert action.title
        assert action.help.endswith(".")
        outcome = method.run(MethodInput(cloud(60), params, actions=[action.name]))
        assert np.isfinite(outcome.positions).all()
        assert not np.array_equal(outcome.positions, plain.positions)


@every_method
def test_the_traits_are_true(method: Method) -> None:
    outcome = project(method, cloud(60), n_components=2)
    assert method.keeps_components == (outcome.scores is not None)
    if outcome.scores is not None:
        np.testing.assert_array_equal(outcome.scores[:, :2], outcome.positions)
    # What is done at once has no time for anything to be changed.
    assert not (method.is_instant and (method.live or method.actions))
    # Whatever starts from initial positions ends in an orientation that they decide.
    mirrored = cloud(60)[:, 1::-1].copy()
    params = resolve(method.parameters, SHORT.get(method.name, {}), owner=method.name)
    starts = (cloud(60)[:, :2].copy(), mirrored)
    one, two = (method.run(MethodInput(cloud(60), params, initial=each)) for each in starts)
    assert method.free_orientation != np.array_equal(one.positions, two.positions)


@every_method
def test_the_estimate_of_memory_grows_with_the_data(method: Method) -> None:
    params = resolve(method.parameters, SHORT.get(method.name, {}), owner=method.name)
    if method.memory_needed is not None:
        few, many = (method.memory_needed(params, n, 20) for n in (1000, 100_000))
        assert 0 < few < many


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
