"""The parameters and actions of t-SNE."""

from __future__ import annotations

from projector.compute.common_parameters import METRIC, RANDOM_STATE, n_components
from projector.model.parameters import Action, Parameter

PARAMETERS = (
    n_components(2),
    Parameter(
        "perplexity",
        "float",
        30.0,
        "Effective number of neighbors of each point: from 5, for fine detail, to 100, for the "
        "global arrangement.",
        low=1.0,
        high=1000.0,
        log=True,
    ),
    Parameter(
        "n_iter",
        "int",
        750,
        "Number of optimization steps. Early exaggeration applies to the first third of them, at "
        "most 250.",
        low=1,
        high=20_000,
        log=True,
    ),
    METRIC,
    Parameter(
        "learning_rate",
        "float",
        None,
        "Step size. By default it is chosen from the data: the number of points divided by the "
        "exaggeration.",
        low=1e-3,
        high=1e7,
        log=True,
        advanced=True,
        unset="auto",
    ),
    Parameter(
        "early_exaggeration",
        "float",
        12.0,
        "Factor on the attraction between neighbors during the first steps, while clusters form.",
        low=1.0,
        high=100.0,
        advanced=True,
    ),
    Parameter(
        "exaggeration",
        "float",
        1.0,
        "Factor on the attraction during the remaining steps. Above 1, clusters become tighter "
        "and move further apart.",
        low=1.0,
        high=100.0,
        advanced=True,
    ),
    Parameter(
        "perplexities",
        "text",
        None,
        "Additional perplexities to combine with the first (multiscale), such as 100, 300. Near "
        "and far neighbors then both count.",
        advanced=True,
        unset="none",
    ),
    Parameter(
        "init",
        "choice",
        "pca",
        "Initial positions: pca and spectral preserve the global arrangement; random does not.",
        choices=("pca", "spectral", "random"),
        advanced=True,
    ),
    RANDOM_STATE,
)

PERTURB = Action("perturb", "Perturb", "Add random noise once to escape a poor local minimum.")
