"""UMAP by umap-learn, on the neighbor graph that is computed here.

The library is imported when it is asked for, and never before: its import compiles for seconds,
the first one on a machine for a minute.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from types import ModuleType
from typing import Any

import numpy as np

from projector.compute.common_parameters import number, whole
from projector.compute.initialization import former_positions
from projector.compute.method import MethodInput, Outcome
from projector.compute.neighbors.graph import graph_of
from projector.compute.reporting import report_during
from projector.compute.umap.library_parameters import LIBRARY, arguments
from projector.errors import ParameterError
from projector.machine.exclusive import exclusive
from projector.model.neighbors import Neighbors
from projector.model.progress import Progress, ProgressCallback
from projector.typing import AnyArray, Json, Metric

#: Largest distance from the middle of given positions; the library scales them again.
EXTENT = 10.0
#: What it warns of although nothing is lost: no seed for threads, `transform` and
#: `inverse_transform`, which are not used.
_EXPECTED = ("n_jobs value", "precomputed_knn[2]", "inverse_transform", "Tensorflow not installed")
#: What its code raises for data and parameters that it cannot lay out.
_FAILURES = (ValueError, TypeError, ArithmeticError, LookupError, AssertionError, RuntimeError)
#: Names passed on as they are; None stands for the library's own default.
_SAME_NAMES = (
    *("n_epochs", "learning_rate", "min_dist", "spread", "repulsion_strength"),
    *("negative_sample_rate", "set_op_mix_ratio", "local_connectivity", "disconnection_distance"),
    *("a", "b", "densmap", "dens_lambda", "dens_frac", "dens_var_shift", "output_metric"),
    *("target_metric", "angular_rp_forest", "force_approximation_algorithm", "low_memory"),
    *("unique", "n_components", "random_state"),
)


def run_library(inputs: MethodInput, needed: tuple[int, Metric]) -> Outcome:
    """Lay the points out with umap-learn.

    Parameters
    ----------
    inputs : MethodInput
        With `labels` where a column supervises.
    needed : tuple of int and str
        Number of neighbors and metric of the graph that it gets; no graph if the number is 0.

    Returns
    -------
    Outcome
        Equal to that of ``umap.UMAP`` with the same parameters and ``precomputed_knn``, bit for
        bit. Points that the library connects with none have NaN positions.

    Raises
    ------
    ParameterError
        The library refuses the data or the parameters; its own words are told.
    """
    progress = inputs.progress
    progress(Progress(f"importing {LIBRARY}", 0, 0))
    umap = report_during(_import, Progress(f"importing {LIBRARY}", 0, 0), progress)
    graph = _graph(inputs, needed)
    reducer = umap.UMAP(**_arguments(inputs, graph))
    progress(Progress("graph", 0, 0))
    with warnings.catch_warnings(record=True) as caught, _watched(umap.layouts, progress):
        warnings.simplefilter("always")
        try:
            reducer.fit(np.asarray(inputs.vectors), inputs.labels)
        except _FAILURES as error:
            reason = str(error).partition("\n")[0][:200] or type(error).__name__
            raise ParameterError(
                f"{LIBRARY} cannot lay out these points ({reason}). Change its parameters, or use "
                "implementation='projector'."
            ) from error
    positions = np.asarray(reducer.embedding_, np.float32)
    told = [str(each.message).partition("\n")[0] for each in caught]
    told = [text for text in told if not any(part in text for part in _EXPECTED)]
    return Outcome(positions, _details(reducer, graph, positions, told))


def _import() -> ModuleType:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import umap.layouts
    except ImportError as error:
        raise ParameterError(
            f"{LIBRARY} cannot be imported ({error}). Run: pip install umap-learn"
        ) from error
    found: ModuleType = umap
    return found


def _graph(inputs: MethodInput, needed: tuple[int, Metric]) -> Neighbors | None:
    if needed[0] == 0 or len(inputs.vectors) < 2:
        return None
    seed = whole(inputs.params["random_state"])
    return graph_of(
        inputs.vectors, needed, inputs.neighbors, random_state=seed, progress=inputs.progress
    )


def _arguments(inputs: MethodInput, graph: Neighbors | None) -> dict[str, Any]:
    """Return the arguments of ``umap.UMAP``."""
    params, n_points = inputs.params, len(inputs.vectors)
    found: dict[str, Any] = {name: params[name] for name in _SAME_NAMES if params[name] is not None}
    found |= {
        "n_jobs": 1,
        "n_neighbors": min(whole(params["n_neighbors"]), max(2, n_points)),
        "metric": params["metric"],
        "metric_kwds": arguments(params, "metric_kwds"),
        "output_metric_kwds": arguments(params, "output_metric_kwds"),
        "init": _start(inputs),
        "target_n_neighbors": params["target_n_neighbors"] or -1,
    }
    if inputs.labels is not None:
        found["target_weight"] = number(params["supervise_weight"])
    if graph is not None:
        found["precomputed_knn"] = precomputed(graph)
        found["force_approximation_algorithm"] = False
    return found


def precomputed(graph: Neighbors) -> tuple[AnyArray, AnyArray, None]:
    """Return a graph as umap-learn takes it: each point is the first of its own neighbors.

    Returns
    -------
    indices : ndarray of shape (n_points, k + 1), int32
    distances : ndarray of shape (n_points, k + 1), float32
    None
        Its search index, which only `transform` needs.
    """
    own = np.arange(graph.n_points, dtype=np.int32)[:, None]
    indices = np.hstack([own, graph.indices.astype(np.int32)])
    distances = np.hstack([np.zeros(own.shape, np.float32), graph.distances.astype(np.float32)])
    return indices, distances, None


def _start(inputs: MethodInput) -> Any:
    params = inputs.params
    if inputs.initial is None:
        return params["init"]
    return former_positions(
        inputs.initial,
        len(inputs.vectors),
        whole(params["n_components"]),
        extent=EXTENT,
        random_state=whole(params["random_state"]),
    )


@contextmanager
def _watched(layouts: ModuleType, progress: ProgressCallback) -> Iterator[None]:
    """Report every epoch of the library's layouts, with the positions as they stand.

    Its loop runs over ``tqdm(range(n_epochs))``. Our own iterator in that place gets the positions
    from the loop's frame; what `progress` raises ends the loop. A release without that name or
    those variables is only laid out without frames.
    """

    def epochs(numbers: Iterable[int], **_: object) -> Iterator[int]:
        all_numbers = list(numbers)
        for done, each in enumerate(all_numbers):
            positions = sys._getframe(1).f_locals.get("head_embedding")
            progress(Progress("layout", done, len(all_numbers), positions))
            yield each

    with exclusive(layouts.__name__):
        theirs = getattr(layouts, "tqdm", None)
        layouts.tqdm = epochs  # type: ignore[attr-defined] # a name of the library
        try:
            yield
        finally:
            layouts.tqdm = theirs  # type: ignore[attr-defined] # a name of the library


def _details(
    reducer: Any, graph: Neighbors | None, positions: AnyArray, told: Iterable[str]
) -> dict[str, Json]:
    notes: list[Json] = list(graph.warnings) if graph is not None else []
    notes += list(told)
    n_apart = int(np.isnan(positions).any(axis=1).sum())
    if n_apart:
        noun = "point is" if n_apart == 1 else "points are"
        notes.append(f"{n_apart:,} {noun} connected with no other and without a position.")
    found: dict[str, Json] = {
        "implementation": f"{LIBRARY} {version(LIBRARY)}",
        "a": float(reducer._a),
        "b": float(reducer._b),
        "n_neighbors": int(getattr(reducer, "_n_neighbors", reducer.n_neighbors)),
        "warnings": notes,
    }
    if graph is not None:
        found |= graph.details
    return found
