"""What can be set of UMAP: the one declaration that page, command line and docs are made from."""

from __future__ import annotations

from projector.compute.common_parameters import METRIC, RANDOM_STATE, n_components
from projector.model.parameters import Parameter

PARAMETERS = (
    n_components(2),
    Parameter(
        "n_neighbors",
        "int",
        15,
        "Points, itself among them, that count as near to a point. Few show fine detail, many "
        "the broad arrangement.",
        low=2,
        high=500,
        log=True,
    ),
    Parameter(
        "min_dist",
        "float",
        0.1,
        "How close points may come in the picture: 0 packs clusters tightly, 0.5 spreads them.",
        low=0.0,
        high=10.0,
    ),
    METRIC,
    Parameter(
        "spread",
        "float",
        1.0,
        "The scale of the picture; min_dist is measured against it.",
        low=0.01,
        high=100.0,
        log=True,
        advanced=True,
    ),
    Parameter(
        "n_epochs",
        "int",
        None,
        "Rounds of the layout. Chosen from the data where nobody says: 500 up to 10,000 points, "
        "200 above.",
        low=1,
        high=20_000,
        log=True,
        advanced=True,
    ),
    Parameter(
        "init",
        "choice",
        "spectral",
        "Where the layout starts: the neighbor graph's slowest modes, PCA, or chance.",
        choices=("spectral", "pca", "random"),
        advanced=True,
    ),
    Parameter(
        "learning_rate",
        "float",
        1.0,
        "How far a point moves in the first round; it falls to 0 until the last.",
        low=0.001,
        high=100.0,
        log=True,
        advanced=True,
    ),
    Parameter(
        "negative_sample_rate",
        "int",
        5,
        "Points drawn at random to push away for each neighbor that pulls.",
        low=1,
        high=50,
        advanced=True,
    ),
    Parameter(
        "repulsion_strength",
        "float",
        1.0,
        "How strongly they push.",
        low=0.0,
        high=100.0,
        advanced=True,
    ),
    RANDOM_STATE,
)
