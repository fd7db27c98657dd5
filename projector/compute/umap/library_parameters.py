"""The parameters that only umap-learn has, with its names, ranges and defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping

from projector.errors import ParameterError
from projector.model.parameters import Parameter, Value

#: The values of the parameter ``implementation``.
OURS, LIBRARY = "projector", "umap-learn"
REQUIRES = ("implementation", LIBRARY)

IMPLEMENTATION = Parameter(
    "implementation",
    "choice",
    OURS,
    "What lays the points out. umap-learn is the reference implementation: slower, with more "
    "parameters; it gets the neighbor graph that is computed here.",
    choices=(OURS, LIBRARY),
    advanced=True,
    note="by {value}",
)

#: Further metrics of umap-learn, and those of pynndescent that it passes on, for dense vectors.
#: Left out: other names of the same metric, those of targets, and those for texts and packed bits.
LIBRARY_METRICS = (
    *("minkowski", "hellinger", "dice"),
    *("kulsinski", "matching", "rogerstanimoto", "russellrao", "sokalmichener", "sokalsneath"),
    *("yule", "ll_dirichlet", "symmetric_kl", "poincare", "mahalanobis", "seuclidean"),
    *("weighted_minkowski", "softmax_hellinger", "direct_cosine", "dot", "inner_product"),
    *("true_angular", "sqeuclidean", "spearmanr", "tsss", "jensen_shannon"),
    *("wasserstein_1d", "circular_kantorovich", "sinkhorn"),
)
METRICS_IF = dict.fromkeys(LIBRARY_METRICS, REQUIRES)

#: Those that can be followed downhill in the picture.
OUTPUT_METRICS = (
    *("euclidean", "manhattan", "chebyshev", "minkowski", "canberra", "braycurtis"),
    *("cosine", "correlation", "haversine", "hellinger", "hyperboloid", "symmetric_kl"),
)
#: For a column of categories, and for one of numbers.
TARGET_METRICS = ("categorical", "euclidean", "manhattan", "chebyshev", "canberra", "braycurtis")


def _only_there(name: str, kind: str, default: Value, text: str, **more: object) -> Parameter:
    """Declare a parameter that umap-learn alone has."""
    return Parameter(name, kind, default, text, advanced=True, requires=REQUIRES, **more)  # type: ignore[arg-type] # the caller's


LIBRARY_PARAMETERS = (
    _only_there(
        "metric_kwds",
        "text",
        "",
        'Further arguments of the metric, as JSON: {"p": 3} for minkowski.',
    ),
    _only_there(
        "set_op_mix_ratio",
        "float",
        1.0,
        "1 joins the neighborhoods of both points of a pair (fuzzy union), 0 keeps what both have "
        "(intersection).",
        low=0.0,
        high=1.0,
    ),
    _only_there(
        "local_connectivity",
        "float",
        1.0,
        "Number of nearest neighbors that count as fully connected.",
        low=0.0,
        high=100.0,
    ),
    _only_there(
        "disconnection_distance",
        "float",
        None,
        "Neighbors that are farther away are not connected. Points without any have no position.",
        low=0.0,
        unset="auto",
    ),
    _only_there(
        "a",
        "float",
        None,
        "First number of the curve of attraction, in place of min_dist and spread; set b, too.",
        low=1e-6,
        high=1e6,
        unset="auto",
    ),
    _only_there(
        "b",
        "float",
        None,
        "Second number of the curve of attraction, in place of min_dist and spread; set a, too.",
        low=1e-3,
        high=100.0,
        unset="auto",
    ),
    _only_there(
        "densmap",
        "bool",
        False,
        "Preserve densities, too (densMAP): dense regions become dense in the picture.",
    ),
    _only_there(
        "dens_lambda",
        "float",
        2.0,
        "Weight of the densities in densMAP.",
        low=0.0,
        high=100.0,
    ),
    _only_there(
        "dens_frac",
        "float",
        0.3,
        "Share of the epochs, at the end, in which densMAP looks at densities.",
        low=0.0,
        high=1.0,
    ),
    _only_there(
        "dens_var_shift",
        "float",
        0.1,
        "Added to the variance of the local radii in densMAP, against division by zero.",
        low=0.0,
        high=100.0,
    ),
    _only_there(
        "output_metric",
        "choice",
        "euclidean",
        "Metric of the picture. Other than euclidean, it is slower.",
        choices=OUTPUT_METRICS,
    ),
    _only_there(
        "output_metric_kwds",
        "text",
        "",
        'Further arguments of output_metric, as JSON: {"p": 3} for minkowski.',
    ),
    _only_there(
        "target_metric",
        "choice",
        "categorical",
        "How the values of the column supervise_by are compared: categorical for names, any other "
        "for numbers.",
        choices=TARGET_METRICS,
    ),
    _only_there(
        "target_n_neighbors",
        "int",
        None,
        "Neighbors among the numbers of the column supervise_by.",
        low=2,
        high=500,
        unset="as n_neighbors",
    ),
    _only_there(
        "angular_rp_forest",
        "bool",
        False,
        "Let umap-learn search the neighbors, by angles.",
    ),
    _only_there(
        "force_approximation_algorithm",
        "bool",
        False,
        "Let umap-learn search the neighbors, approximately below 4,096 points, too.",
    ),
    _only_there(
        "low_memory",
        "bool",
        True,
        "Off lets umap-learn search the neighbors, faster and with more memory.",
    ),
    _only_there(
        "unique",
        "bool",
        False,
        "Lay out duplicates once; they share a position. umap-learn searches the neighbors.",
    ),
)


def is_library(params: Mapping[str, Value]) -> bool:
    """Return whether umap-learn was asked for."""
    return params.get("implementation") == LIBRARY


def library_packages(params: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the packages whose versions a result of umap-learn depends on; else none."""
    return (LIBRARY, "pynndescent", "scikit-learn") if is_library(params) else ()


def searches_itself(params: Mapping[str, Value]) -> bool:
    """Return whether umap-learn searches the neighbors, because only it can as it is asked to."""
    asked = ("metric_kwds", "angular_rp_forest", "force_approximation_algorithm", "unique")
    return is_library(params) and (
        params["metric"] in LIBRARY_METRICS
        or not params["low_memory"]
        or any(params[name] for name in asked)
    )


def check_together(params: Mapping[str, Value]) -> None:
    """Raise `ParameterError` for parameters that contradict each other.

    Parameters
    ----------
    params : mapping
        Each checked by itself.
    """
    if not is_library(params):
        return
    if params["metric"] in LIBRARY_METRICS and params.get("n_landmarks") is not None:
        raise ParameterError(
            f"n_landmarks cannot be combined with metric={params['metric']!r}: the other points "
            "are placed by a metric that is measured here. Use euclidean, cosine or manhattan."
        )
    min_dist, spread = params["min_dist"], params["spread"]
    assert isinstance(min_dist, float)
    assert isinstance(spread, float)
    if min_dist > spread and params["a"] is None:
        raise ParameterError(
            f"umap-learn needs a min_dist of at most spread, {spread:g}. Got {min_dist:g}."
        )
    if (params["a"] is None) != (params["b"] is None):
        raise ParameterError("'a' and 'b' need each other. Set both, or none.")
    if params["densmap"] and params["output_metric"] != "euclidean":
        raise ParameterError("densmap needs output_metric='euclidean'.")
    for name in ("metric_kwds", "output_metric_kwds"):
        arguments(params, name)


def arguments(params: Mapping[str, Value], name: str) -> dict[str, object]:
    """Return the arguments of a metric, which are written as a JSON object.

    Raises
    ------
    ParameterError
        It is something else.
    """
    text = str(params[name] or "").strip()
    if not text:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ParameterError(
            f'{name!r} must be a JSON object of arguments, such as {{"p": 3}}. Got {text[:80]!r}.'
        )
    return found
