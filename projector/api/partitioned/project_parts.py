"""Projects data in parts: by principal components, or among landmarks; one file for each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.api.methods import find_method, origin_of
from projector.api.options import parameters_of
from projector.api.partitioned import tasks
from projector.api.partitioned.chunk_rows import (
    checked_limit,
    rows_for_moments,
    rows_for_placing,
)
from projector.api.partitioned.components import components_of_parts
from projector.api.partitioned.description import ResultFolder
from projector.api.partitioned.given_data import sources_of
from projector.api.partitioned.landmarks import (
    check_choice,
    chosen_landmarks,
    laid_out,
    sampled_points,
)
from projector.api.partitioned.part_file import n_unplaced, part_path
from projector.api.partitioned.phases import Phases
from projector.api.partitioned.result import PartitionedProjection
from projector.api.partitioned.sources import Sources
from projector.api.result_store import versions
from projector.compute.common_parameters import whole
from projector.compute.landmarks import placed_warning
from projector.compute.linear.pca import too_large
from projector.compute.method import Method
from projector.compute.preprocess import PREPROCESSING
from projector.errors import ParameterError
from projector.jobs.executors.chosen import chosen_executor
from projector.jobs.executors.protocol import Executor, Task
from projector.jobs.executors.reduction import run_all
from projector.jobs.executors.serial import SerialExecutor
from projector.machine.atomic_write import remove_abandoned_parts
from projector.model.arguments import path_of
from projector.model.parameters import Value, resolve
from projector.model.progress import ProgressCallback
from projector.model.projection import Projection
from projector.typing import Json

#: What needs all points at once, or their metadata.
_NOT_IN_PARTS = (*(each.name for each in PREPROCESSING), "supervise_by")
#: Components that are computed, so that the shares of variance of the first ones are known.
_N_KEPT = 50


@dataclass(frozen=True)
class _Plan:
    """One call: what is projected, how, where to."""

    executor: Executor
    sources: Sources
    method: Method
    settings: dict[str, Value]
    landmarks_by: str
    memory_limit: int
    folder: ResultFolder
    phases: Phases
    progress: ProgressCallback


def project_parts(
    data: Any,
    method: str,
    params: Mapping[str, Any],
    *,
    executor: Any,
    out: Any,
    landmarks_by: str,
    memory_limit: int | None,
    progress: ProgressCallback,
) -> PartitionedProjection:
    """Project data in parts; see `projector.project`.

    Raises
    ------
    ParameterError
        There is no `out`, or the method or a parameter is not available for data in parts.
    """
    if out is None:
        raise ParameterError(
            "The positions of data in parts are written part by part. Name a folder for them: "
            "out='projection/'."
        )
    limit = checked_limit(memory_limit)
    chosen, settings = _settings(method, params, landmarks_by)
    with chosen_executor(executor) as where:
        sources = sources_of(data, in_process=not isinstance(where, SerialExecutor))
        about = _about(chosen, settings, landmarks_by, limit)
        folder = ResultFolder.of(path_of(out).absolute(), sources, about)
        phases = Phases(progress)
        plan = _Plan(
            where, sources, chosen, settings, landmarks_by, limit, folder, phases, progress
        )
        try:
            return _projected(plan)
        finally:
            # Of workers that were killed on this machine.
            remove_abandoned_parts(folder.path)


def _settings(
    method: str, params: Mapping[str, Any], landmarks_by: str
) -> tuple[Method, dict[str, Value]]:
    chosen = find_method(method)
    known = parameters_of(chosen)
    settings = resolve(known, params, owner=method)
    if chosen.check is not None:
        chosen.check(settings)
    for each in known:
        if each.name in _NOT_IN_PARTS and settings.get(each.name) not in (each.default, None):
            raise ParameterError(
                f"The parameter {each.name!r} is not available for data in parts. Leave it out, or "
                "prepare the vectors before."
            )
    if chosen.keeps_components:
        return chosen, settings
    if "n_landmarks" not in settings:
        raise ParameterError(
            f"The method {method!r} is not available for data in parts. Use pca, or a method with "
            "n_landmarks, such as umap."
        )
    if settings["n_landmarks"] is None:
        raise ParameterError(
            f"The method {method!r} lays out a sample of data in parts, and places the others "
            "among it. Say how many: n_landmarks=20000."
        )
    check_choice(landmarks_by, whole(settings["n_landmarks"]))
    return chosen, settings


def _about(
    method: Method, settings: Mapping[str, Value], landmarks_by: str, memory_limit: int
) -> dict[str, Json]:
    # Rows of a chunk follow from the limit, and rounding from them.
    about: dict[str, Any] = {
        "method": method.name,
        "method_version": method.version,
        "params": dict(settings),
        "memory_limit": memory_limit,
        **origin_of(method.name),
    }
    if not method.keeps_components:
        about["landmarks_by"] = landmarks_by
    return about


def _projected(plan: _Plan) -> PartitionedProjection:
    missing = plan.folder.missing(plan.sources)
    n_kept = len(plan.sources.parts) - len(missing)
    make = _by_components if plan.method.keeps_components else _by_landmarks
    return make(plan, missing, {"n_kept_parts": n_kept})


def _by_components(
    plan: _Plan, missing: list[int], details: dict[str, Json]
) -> PartitionedProjection:
    sources, executor = plan.sources, plan.executor
    most_rows = rows_for_moments(plan.memory_limit, sources.n_dims)
    wanted = whole(plan.settings["n_components"])
    stored = plan.folder.load_components()
    if stored is None:
        stored = components_of_parts(
            executor,
            sources,
            max(wanted, min(_N_KEPT, sources.n_dims)),
            random_state=whole(plan.settings.get("random_state") or 0),
            most_rows=most_rows,
            phases=plan.phases,
        )
        plan.folder.save_components(*stored)
    found, n_left_out = stored
    # Only those that are written; the others are known by their variance.
    shared = executor.scatter(replace(found, components=found.components[:wanted]))
    _write(
        plan,
        missing,
        "projecting",
        lambda number, target: executor.submit(
            tasks.write_scores, sources.parts[number], shared, wanted, most_rows, target
        ),
    )
    details |= {
        "explained_variance_ratio": found.explained_variance_ratio.tolist(),
        "singular_values": found.singular_values[: len(found.components)].tolist(),
        "total_variance": found.total_variance,
        "exact": found.exact,
    }
    warnings = [too_large(found.unit)] if found.unit != 1 else []
    return _finished(plan, details, warnings, n_left_out)


def _by_landmarks(
    plan: _Plan, missing: list[int], details: dict[str, Json]
) -> PartitionedProjection:
    sources, executor = plan.sources, plan.executor
    n_landmarks = min(whole(plan.settings["n_landmarks"]), sources.n_points)
    most_rows = rows_for_placing(plan.memory_limit, sources.n_dims, n_landmarks)
    stored = plan.folder.load_landmarks()
    if stored is None:
        stored = _laid_out(plan, n_landmarks, most_rows)
        plan.folder.save_landmarks(*stored)
    laid, of_layout = stored
    shared = executor.scatter(laid)
    _write(
        plan,
        missing,
        "placing",
        lambda number, target: executor.submit(
            tasks.write_placed, sources.parts[number], shared, most_rows, target
        ),
    )
    said = of_layout.get("warnings")
    warnings = [*map(str, said if isinstance(said, list) else [])]
    if len(laid.rows) < sources.n_points:
        warnings.append(placed_warning(len(laid.rows), sources.n_points))
    of_layout = {key: value for key, value in of_layout.items() if key != "warnings"}
    details |= {**of_layout, "landmarks": len(laid.rows), "landmarks_by": plan.landmarks_by}
    landmarks = Projection(laid.positions, plan.method.name, plan.settings, of_layout)
    return _finished(plan, details, warnings, _n_unplaced(plan), landmarks, laid.rows)


def _laid_out(
    plan: _Plan, n_landmarks: int, most_rows: int
) -> tuple[tasks.LaidOut, dict[str, Json]]:
    sources, settings = plan.sources, plan.settings
    n_drawn = sampled_points(plan.landmarks_by, n_landmarks, sources.n_points)
    with plan.phases.phase("drawing landmarks", sources.n_points) as on_rows:
        rows, vectors, n_left_out = chosen_landmarks(
            plan.executor,
            sources,
            n_landmarks,
            choice=plan.landmarks_by,
            random_state=whole(settings.get("random_state") or 0),
            most_rows=most_rows,
            on_rows=on_rows,
        )
    with plan.phases.timed("layout"):
        laid, details = laid_out(plan.method, settings, rows, vectors, plan.progress)
    warnings = details.get("warnings")
    added: list[Json] = [*warnings] if isinstance(warnings, list) else []
    if plan.landmarks_by == "kmeans++":
        added.append(
            f"The landmarks were drawn by k-means++ from a random sample of {n_drawn:,} points: "
            "sparse regions have more of them than at random."
        )
    if n_left_out:
        added.append(
            f"{n_left_out:,} of {n_drawn:,} drawn points have NaN or infinity and are no landmarks."
        )
    return laid, {**details, "warnings": added}


def _write(
    plan: _Plan,
    missing: list[int],
    phase: str,
    submit: Callable[[int, Any], Task],
) -> None:
    """Write the parts that are missing."""
    folder, sources = plan.folder, plan.sources
    n_rows = sum(sources.parts[number].n_rows for number in missing)

    def submits() -> Any:
        for number in missing:
            target = part_path(folder.path, number), folder.part_about(sources, number)
            yield partial(submit, number, target)

    with plan.phases.phase(phase, n_rows) as on_rows:
        for _ in run_all(plan.executor, submits(), on_rows):
            continue


def _finished(
    plan: _Plan,
    details: dict[str, Json],
    warnings: list[str],
    n_without: int,
    landmarks: Projection | None = None,
    landmark_rows: NDArray[np.int64] | None = None,
) -> PartitionedProjection:
    folder, sources = plan.folder, plan.sources
    if n_without:
        warnings.append(f"{n_without:,} points with NaN or infinity have no position.")
    details |= {
        "n_unplaced": n_without,
        "warnings": [*sources.warnings, *warnings],
        "executor": plan.executor.name,
        "dashboard": plan.executor.dashboard,
        "seconds": dict(plan.phases.seconds),
        "versions": {**versions(), **origin_of(plan.method.name)},
    }
    folder.describe(sources, details, is_complete=True)
    return PartitionedProjection(
        folder.path,
        tuple(part_path(folder.path, number) for number in range(len(sources.parts))),
        sources.n_points,
        plan.method.name,
        dict(plan.settings),
        landmarks,
        np.empty(0, np.int64) if landmark_rows is None else landmark_rows,
        details,
    )


def _n_unplaced(plan: _Plan) -> int:
    """Count the points without a position, in all parts: those that were kept, too."""
    return sum(
        n_unplaced(part_path(plan.folder.path, number)) for number in range(len(plan.sources.parts))
    )
