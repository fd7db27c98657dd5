"""What can be set of t-SNE: the one declaration that page, command line and docs are made from."""

from __future__ import annotations

from projector.compute.common_parameters import METRIC, RANDOM_STATE, n_components
from projector.model.parameters import Parameter

PARAMETERS = (
    n_components(2),
    Parameter(
        "perplexity",
        "float",
        30.0,
        "How many neighbors a point tries to keep. Between 5, for fine detail, and 100, for the "
        "broad arrangement.",
        low=1.0,
        high=1000.0,
        log=True,
    ),
    Parameter(
        "n_iter",
        "int",
        750,
        "Steps of the optimization; the first third, 250 at most, with early exaggeration.",
        low=1,
        high=20_000,
        log=True,
    ),
    METRIC,
    Parameter(
        "learning_rate",
        "float",
        None,
        "Length of the steps. Chosen from the data where nobody says: the number of points over "
        "the exaggeration.",
        low=1e-3,
        high=1e7,
        log=True,
        advanced=True,
    ),
    Parameter(
        "early_exaggeration",
        "float",
        12.0,
        "How much stronger points attract each other in the first steps, while clusters form.",
        low=1.0,
        high=100.0,
        advanced=True,
    ),
    Parameter(
        "exaggeration",
        "float",
        1.0,
        "The same for the rest: above 1 clusters are tighter and further apart.",
        low=1.0,
        high=100.0,
        advanced=True,
    ),
    Parameter(
        "perplexities",
        "text",
        None,
        "Further perplexities to combine with the first, such as 100, 300: near and far "
        "neighbors both count (multiscale).",
        advanced=True,
    ),
    Parameter(
        "init",
        "choice",
        "pca",
        "Where the points start: PCA keeps the broad arrangement, chance does not.",
        choices=("pca", "spectral", "random"),
        advanced=True,
    ),
    Parameter(
        "perturb",
        "int",
        0,
        "Raise it while the layout runs to shake the points once, out of a bad arrangement.",
        low=0,
        high=1000,
        advanced=True,
    ),
    RANDOM_STATE,
)
