"""Data sets and figures by which pictures of two programs are compared, and how sure that is.

One run says little of a layout: another seed, or another processor's rounding, moves its figures
by a percent. So each program runs once a seed, and what is compared is the mean difference.

Those of the libraries take minutes and do not depend on what is tested: they are kept, made by
``python benchmarks/layout_quality.py --write``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.compute import METHODS
from projector.compute.method import MethodInput, Outcome
from projector.compute.neighbors.search import find_neighbors
from projector.compute.tsne.affinities import joint_probabilities
from projector.compute.tsne.descent import Descent
from projector.model.parameters import resolve

Array = NDArray[np.float32]

#: Neighbors that the figures look at.
K = 15


def clusters(seed: int) -> Array:
    """Six round clusters in 30 dimensions."""
    rng = np.random.default_rng(seed)
    centers = rng.normal(size=(6, 30)) * 6
    return (centers[np.arange(1500) % 6] + rng.normal(size=(1500, 30))).astype(np.float32)


def roll(seed: int) -> Array:
    """A swiss roll: a smooth surface, whose picture shows every tear and fold."""
    from sklearn.datasets import make_swiss_roll

    return np.asarray(make_swiss_roll(1500, random_state=seed)[0], np.float32)


def digits(seed: int) -> Array:
    """Handwritten digits, the same for every seed."""
    from sklearn.datasets import load_digits

    return np.asarray(load_digits().data, np.float32)


def cancer(seed: int) -> Array:
    """Measurements of breast tumors, standardized: no clear clusters. The same for every seed."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer().data
    return np.asarray((data - data.mean(axis=0)) / data.std(axis=0), np.float32)


DATA: dict[str, Callable[[int], Array]] = {
    each.__name__: each for each in (digits, clusters, roll, cancer)
}


def fingerprint(vectors: Array) -> float:
    """Return a number that tells whether data is what kept figures were measured on."""
    return float(np.abs(vectors.astype(np.float64)).sum())


def lay_out(method: str, vectors: Array, **params: object) -> Outcome:
    """Run a method of ours as the page would, with defaults for what is not given."""
    chosen = METHODS[method]
    checked = resolve(chosen.parameters, params, owner=method)
    return chosen.run(MethodInput(vectors, checked))


def overlap(vectors: Array, positions: Array) -> float:
    """Return the share of a point's neighbors that are its neighbors in the picture."""
    truth, near = find_neighbors(vectors, K).indices, find_neighbors(positions, K).indices
    return float((near[:, :, None] == truth[:, None, :]).any(axis=2).mean())


def trustworthiness(vectors: Array, positions: Array) -> float:
    """Return scikit-learn's figure of how near neighbors in the picture truly are."""
    from sklearn import manifold

    return float(manifold.trustworthiness(vectors, positions, n_neighbors=K))


def divergence(vectors: Array, positions: Array) -> float:
    """Return t-SNE's divergence at a perplexity of 30, summed over all pairs."""
    joint = joint_probabilities(find_neighbors(vectors, 90), [30.0])
    return float(Descent(joint, positions, exact=True).divergence())


FIGURES: dict[str, Callable[[Array, Array], float]] = {
    each.__name__: each for each in (overlap, trustworthiness, divergence)
}


@dataclass(frozen=True)
class Difference:
    """A mean difference and its confidence interval."""

    mean: float
    low: float
    high: float


def kept(library: str, data: str) -> dict[str, list[float]]:
    """Return the figures of a library's pictures of a data set, each a list over seeds from 0."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "peers.json").read_text())
    figures: dict[str, Any] = found[library][data]
    assert np.isclose(fingerprint(DATA[data](0)), figures.pop("fingerprint"), rtol=1e-6), (
        f"{library} laid out other data: run python benchmarks/layout_quality.py --write"
    )
    return figures


def difference(ours: Sequence[float], theirs: Sequence[float], confidence: float) -> Difference:
    """Return ours - theirs over paired runs, with Student's two-sided interval.

    Paired by seed: where the data is drawn by it, both laid out the same.
    """
    from scipy.stats import t

    found = np.asarray(ours) - np.asarray(theirs)
    error = found.std(ddof=1) / np.sqrt(len(found))
    half = float(t.ppf((1 + confidence) / 2, len(found) - 1) * error)
    mean = float(found.mean())
    return Difference(mean, mean - half, mean + half)
