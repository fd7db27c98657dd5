"""The contract of a method: what it must do with any vectors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from projector.compute.method import Method, MethodInput, Outcome
from projector.compute.neighbors.search import find_neighbors
from projector.errors import Cancelled, ParameterError
from projector.model.parameters import Parameter, Value, resolve
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.testing.expectation import expect

#: A check of a method, with parameters that make a run short, or possible.
MethodCheck: TypeAlias = Callable[..., None]

_NO_PARAMS: Mapping[str, Any] = {}


def check_method(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """Run all `METHOD_CHECKS`.

    Parameters
    ----------
    method : Method
    params : mapping, optional
        Values that make a run short, such as few iterations, or possible at all.

    Raises
    ------
    AssertionError
        A promise is not kept; the message says which.

    Notes
    -----
    It runs the method about sixty times, on 200 points at most.
    """
    for check in METHOD_CHECKS:
        check(method, params)


def every_point_gets_a_finite_place(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """Any number of points from 1 has finite float32 positions in 2D and in 3D."""
    for n_points in (1, 2, 3, 4, 5, 17, 200):
        for n_components in (2, 3):
            found = _project(method, params, cloud(n_points), n_components=n_components).positions
            what = f"{method.name} of {n_points} points in {n_components} dimensions"
            expect(found.shape == (n_points, n_components), f"{what}: positions are {found.shape}")
            expect(found.dtype == np.float32, f"{what}: positions are {found.dtype}, not float32")
            expect(np.isfinite(found).all(), f"{what}: positions are NaN or infinite")


def few_dimensions_are_enough(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """Vectors of 1 or 2 dimensions have positions in 3D."""
    for n_dims in (1, 2):
        found = _project(method, params, cloud(60, n_dims), n_components=3).positions
        expect(np.isfinite(found).all(), f"{method.name} of {n_dims} dimensions is not finite")


def equal_points_are_placed(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """Points that are there several times, and nothing but equal points, have positions."""
    for vectors in (np.repeat(cloud(20), 5, axis=0), np.ones((50, 4), np.float32)):
        found = _project(method, params, vectors).positions
        expect(np.isfinite(found).all(), f"{method.name} of equal points is not finite")


def any_unit_will_do(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """Tiny and huge numbers neither vanish nor overflow."""
    for scale in (1e-12, 1e12):
        found = _project(method, params, cloud(120) * np.float32(scale)).positions
        expect(np.isfinite(found).all(), f"{method.name} of numbers around {scale} is not finite")


def the_same_seed_gives_the_same_bytes(
    method: Method, params: Mapping[str, Any] = _NO_PARAMS
) -> None:
    """Two runs with one seed are equal to the byte, or stored results would lie."""
    first, second = (
        _project(method, params, cloud(150), random_state=3).positions.tobytes() for _ in range(2)
    )
    expect(first == second, f"{method.name}: two runs with random_state=3 differ")


def the_vectors_stay_as_they_are(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """Vectors may be read-only, and are never written to."""
    vectors = cloud(80)
    before = vectors.copy()
    vectors.setflags(write=False)
    _project(method, params, vectors)
    expect(np.array_equal(vectors, before), f"{method.name} changed the vectors it was given")


def cancelling_stops_the_run(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """Raise `Cancelled` in `progress`, early and later: it must not be caught."""
    reports: list[Progress] = []
    _project(method, params, cloud(100), progress=reports.append)
    for after in (0, 1, 5):
        calls: list[Progress] = []
        if after < len(reports):
            was_cancelled = _is_cancelled(method, params, calls, after)
            expect(was_cancelled, f"{method.name} caught Cancelled, which progress raised")
            expect(len(calls) == after + 1, f"{method.name} went on after it was cancelled")


def progress_comes_to_its_end(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """Positions are reported, at last those of the result, and nothing is done beyond its total."""
    calls: list[Progress] = []
    outcome = _project(method, params, cloud(100), progress=calls.append)
    shown = [each for each in calls if each.positions is not None]
    expect(shown, f"{method.name} reported no positions")
    beyond = [each for each in calls if not 0 <= each.done <= each.total]
    expect(not beyond, f"{method.name} reported more done than there is to do")
    last = shown[-1]
    expect(last.done == last.total, f"{method.name} ended at {last.done} of {last.total}")
    is_same = np.array_equal(np.asarray(last.positions), outcome.positions)
    expect(is_same, f"{method.name}: the last positions reported are not those of the result")


def details_are_json(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """`Outcome.details` can be sent and stored: no arrays, no NaN."""
    details = _project(method, params, cloud(60)).details
    try:
        json.dumps(details, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise AssertionError(f"{method.name}: details are no JSON: {error}") from error


def it_finds_its_own_neighbors(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """Without a neighbor graph the result is the same as with the one that was asked for."""
    settings = resolve(method.parameters, dict(params), owner=method.name)
    alone = method.run(MethodInput(cloud(90), settings)).positions
    expect(
        np.array_equal(alone, _project(method, params, cloud(90)).positions),
        f"{method.name} without neighbors gives another result than with those it asks for",
    )


def the_declaration_describes_itself(
    method: Method, params: Mapping[str, Any] = _NO_PARAMS
) -> None:
    """Title, summary and help are there, and every default is allowed."""
    expect(method.title, f"{method.name} has no title")
    expect(method.summary.endswith("."), f"{method.name}: the summary is no sentence")
    names = {each.name for each in method.parameters}
    for name in ("n_components", "random_state"):
        expect(name in names, f"{method.name} has no parameter {name!r}")
    for each in method.parameters:
        expect(each.help.endswith("."), f"{method.name}: the help of {each.name} is no sentence")
        if each.default is not None:
            checked = each.check(each.default, owner=method.name)
            expect(checked == each.default, f"{method.name}: the default of {each.name} changes")


def live_parameters_are_read_again(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """Whatever is changed at the first step changes the result, for some value of its range."""
    by_name = {each.name: each for each in method.parameters}
    for name in method.live:
        plain = _run_changed(method, params, name, None)
        others = _other_values(by_name[name])
        expect(others, f"{method.name}: {name} is live, and has no other value")
        changed = any(_run_changed(method, params, name, each) != plain for each in others)
        expect(changed, f"{method.name}: {name} is live, and changing it changes nothing")


def actions_are_done(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """Each action changes the result, which stays finite."""
    settings = resolve(method.parameters, dict(params), owner=method.name)
    plain = method.run(MethodInput(cloud(60), settings)).positions
    for action in method.actions:
        expect(action.title, f"{method.name}: the action {action.name} has no title")
        expect(action.help.endswith("."), f"{method.name}: {action.name} has no help")
        found = method.run(MethodInput(cloud(60), settings, actions=[action.name])).positions
        expect(np.isfinite(found).all(), f"{method.name}: not finite after {action.name}")
        expect(not np.array_equal(found, plain), f"{method.name}: {action.name} does nothing")


def the_traits_are_true(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """`keeps_components`, `is_instant` and `free_orientation` say what the method does."""
    outcome = _project(method, params, cloud(60), n_components=2)
    has_scores = outcome.scores is not None
    expect(method.keeps_components == has_scores, f"{method.name}: keeps_components is not so")
    if outcome.scores is not None:
        first = np.array_equal(outcome.scores[:, :2], outcome.positions)
        expect(first, f"{method.name}: the first scores are not the positions")
    changes = method.live or method.actions
    expect(not (method.is_instant and changes), f"{method.name} is instant, and can be changed")
    # Whatever starts from initial positions ends in an orientation that they decide.
    settings = resolve(method.parameters, dict(params), owner=method.name)
    starts = (cloud(60)[:, :2].copy(), cloud(60)[:, 1::-1].copy())
    one, two = (method.run(MethodInput(cloud(60), settings, initial=each)) for each in starts)
    differ = not np.array_equal(one.positions, two.positions)
    expect(method.free_orientation == differ, f"{method.name}: free_orientation is not so")


def the_estimate_of_memory_grows(method: Method, params: Mapping[str, Any] = _NO_PARAMS) -> None:
    """More points need more memory, and none is a fault of the estimate."""
    if method.memory_needed is None:
        return
    settings = resolve(method.parameters, dict(params), owner=method.name)
    few, many = (method.memory_needed(settings, n, 20) for n in (1000, 100_000))
    expect(0 < few < many, f"{method.name}: memory for 1,000 points {few:,}, 100,000 {many:,}")


#: Every check, to be called with a method and, where a run is long, with parameters.
METHOD_CHECKS: tuple[MethodCheck, ...] = (
    the_declaration_describes_itself,
    every_point_gets_a_finite_place,
    few_dimensions_are_enough,
    equal_points_are_placed,
    any_unit_will_do,
    the_same_seed_gives_the_same_bytes,
    the_vectors_stay_as_they_are,
    cancelling_stops_the_run,
    progress_comes_to_its_end,
    details_are_json,
    it_finds_its_own_neighbors,
    live_parameters_are_read_again,
    actions_are_done,
    the_traits_are_true,
    the_estimate_of_memory_grows,
)


def cloud(n_points: int, n_dims: int = 6, seed: int = 0) -> NDArray[np.float32]:
    """Return normally distributed points of shape (n_points, n_dims), float32."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_points, n_dims)).astype(np.float32)


def _project(
    method: Method,
    params: Mapping[str, Any],
    vectors: NDArray[np.float32],
    *,
    progress: ProgressCallback = ignore_progress,
    **given: object,
) -> Outcome:
    settings = resolve(method.parameters, {**params, **given}, owner=method.name)
    neighbors = None
    if method.neighbors_needed is not None:
        k, metric = method.neighbors_needed(settings, len(vectors))
        neighbors = find_neighbors(vectors, k, metric=metric)
    return method.run(MethodInput(vectors, settings, neighbors, progress=progress))


def _is_cancelled(
    method: Method, params: Mapping[str, Any], calls: list[Progress], after: int
) -> bool:
    def stop(progress: Progress) -> None:
        calls.append(progress)
        if len(calls) > after:
            raise Cancelled

    try:
        _project(method, params, cloud(100), progress=stop)
    except Cancelled:
        return True
    return False


def _run_changed(method: Method, params: Mapping[str, Any], name: str, value: Value) -> bytes:
    """Return the positions of a run in which a parameter gets `value` at its first step."""
    settings = resolve(method.parameters, dict(params), owner=method.name)

    def change(progress: Progress) -> None:
        if progress.phase == "layout" and value is not None:
            settings[name] = value

    return method.run(MethodInput(cloud(60), settings, progress=change)).positions.tobytes()


def _other_values(parameter: Parameter) -> list[Value]:
    """Return some allowed values that are not the default."""
    values: list[Value] = [True, False, *parameter.choices]
    if parameter.kind in ("int", "float"):
        ends = [end for end in (parameter.low, parameter.high) if end is not None]
        values = [*ends, sum(ends) / 2, 2.0]
    return [
        checked
        for each in values
        if (checked := _allowed(parameter, each)) not in (None, parameter.default)
    ]


def _allowed(parameter: Parameter, value: Value) -> Value:
    """Return a value as the parameter's type; None where it is not allowed."""
    try:
        return parameter.check(value, owner="the contract")
    except ParameterError:
        return None
