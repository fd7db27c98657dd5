"""The parameters of UMAP."""

from __future__ import annotations

from dataclasses import replace

from projector.compute.common_parameters import METRIC, RANDOM_STATE, n_components
from projector.compute.umap.library_parameters import (
    IMPLEMENTATION,
    LIBRARY_METRICS,
    LIBRARY_PARAMETERS,
    METRICS_IF,
    REQUIRES,
)
from projector.model.parameters import Parameter

PARAMETERS = (
    n_components(2),
    Parameter(
        "n_neighbors",
        "int",
        15,
        "Size of the neighborhood, including the point itself. Small values show fine detail, "
        "large values the global arrangement.",
        low=2,
        high=500,
        log=True,
    ),
    Parameter(
        "min_dist",
        "float",
        0.1,
        "How close points may be in the projection: 0 packs clusters tightly, 0.5 spreads them.",
        low=0.0,
        high=10.0,
    ),
    replace(METRIC, choices=(*METRIC.choices, *LIBRARY_METRICS), choices_if=METRICS_IF),
    Parameter(
        "spread",
        "float",
        1.0,
        "Scale of the projection; min_dist is relative to it.",
        low=0.01,
        high=100.0,
        log=True,
        advanced=True,
    ),
    Parameter(
        "n_epochs",
        "int",
        None,
        "Number of optimization epochs. By default it is chosen from the data: 500 up to 10,000 "
        "points, 200 above.",
        low=1,
        high=20_000,
        log=True,
        advanced=True,
        unset="auto",
    ),
    Parameter(
        "init",
        "choice",
        "spectral",
        "Initial positions: the leading eigenvectors of the neighbor graph (spectral), PCA, or "
        "random; tswspectral is a faster kind of spectral in umap-learn.",
        choices=("spectral", "pca", "random", "tswspectral"),
        choices_if={"tswspectral": REQUIRES},
        advanced=True,
    ),
    Parameter(
        "learning_rate",
        "float",
        1.0,
        "Initial step size; it decays to 0 over the epochs.",
        low=0.001,
        high=100.0,
        log=True,
        advanced=True,
    ),
    Parameter(
        "negative_sample_rate",
        "int",
        5,
        "Negative samples per positive edge.",
        low=1,
        high=50,
        advanced=True,
    ),
    Parameter(
        "repulsion_strength",
        "float",
        1.0,
        "Weight of the negative samples.",
        low=0.0,
        high=100.0,
        advanced=True,
    ),
    IMPLEMENTATION,
    *LIBRARY_PARAMETERS,
    RANDOM_STATE,
)
