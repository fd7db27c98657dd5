"""What a method is: a declaration of its parameters and a function from vectors to positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from projector.model.neighbors import Neighbors
from projector.model.parameters import Parameter, Value
from projector.model.progress import ProgressCallback
from projector.typing import AnyArray, Json, Metric, Positions, Vectors


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a method found.

    Attributes
    ----------
    positions : ndarray of shape (n_points, n_components), float32
    details : dict
        What is worth knowing of the way there: explained variance, KL divergence, seconds.
    scores : ndarray of shape (n_points, n_kept), float32, or None
        More components than are shown (PCA).
    """

    positions: Positions
    details: dict[str, Json] = field(default_factory=dict)
    scores: AnyArray | None = None


class Run(Protocol):
    """The function of a method.

    It is given finite float32 vectors, every declared parameter (defaults filled in), the
    neighbor graph it asked for, and where to start, if anywhere; it reports progress often
    and lets `Cancelled` through.
    """

    def __call__(
        self,
        vectors: Vectors,
        params: Mapping[str, Value],
        *,
        neighbors: Neighbors | None,
        initial: Positions | None,
        progress: ProgressCallback,
    ) -> Outcome:
        """Place every point."""
        ...


class NeighborsNeeded(Protocol):
    """Says which neighbor graph a method wants, so that one graph can serve several."""

    def __call__(self, params: Mapping[str, Value], n_points: int) -> tuple[int, Metric]:
        """Return how many neighbors a point, and under which metric."""
        ...


@dataclass(frozen=True, slots=True)
class Method:
    """One way from vectors to positions.

    Attributes
    ----------
    name : str
        ``"umap"``; what the API, the command line and the URL say.
    title : str
        ``"UMAP"``; what people read.
    summary : str
        One sentence: what the picture shows and what it does not.
    parameters : tuple of Parameter
        The one declaration that validation, CLI, page, cache key and docs are made from.
    run : Run
    neighbors_needed : NeighborsNeeded or None
        None where the method looks at the vectors themselves.
    live : tuple of str
        Parameters that are read again at every step: who hands `run` a mapping whose values
        change meanwhile steers it. To pause, let `progress` wait. To stop and keep what there
        is, lower the number of steps to those done.
    version : int
        Raised when the same parameters would give other bytes; part of the cache key.
    """

    name: str
    title: str
    summary: str
    parameters: tuple[Parameter, ...]
    run: Run
    neighbors_needed: NeighborsNeeded | None = None
    live: tuple[str, ...] = ()
    version: int = 1
