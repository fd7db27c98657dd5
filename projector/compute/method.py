"""The interface of a method: its declaration and a function from vectors to positions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from projector.errors import ParameterError
from projector.model.neighbors import Neighbors
from projector.model.parameters import Action, Parameter, Value
from projector.model.progress import ProgressCallback, ignore_progress
from projector.typing import AnyArray, Json, Metric, Positions, Vectors


@dataclass(frozen=True, slots=True)
class MethodInput:
    """Everything that a method is given.

    Attributes
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Finite; may be a read-only memory map.
    params : mapping of str to Value
        Every declared parameter, checked, defaults filled in. The values of those in
        `Method.live` may change while the method runs.
    neighbors : Neighbors or None
        At least the graph that `Method.neighbors_needed` asks for; searched where it is None.
    initial : ndarray of shape (n_points, 2 or 3), float32, or None
        Positions to start from, in place of the method's own; methods without a start ignore it.
    progress : callable
        To be called often, with the positions as they stand. It may block (a pause), and what it
        raises (`Cancelled`) must not be caught.
    actions : sequence of str
        Names of all actions that were triggered so far, oldest first. It grows while the method
        runs: remember how many were done.
    labels : ndarray of shape (n_points,), int32 or float64, or None
        Where `Method.uses_labels`: the categories of the column that supervises, -1 for unknown,
        or its numbers. `neighbors` is then the true graph.
    """

    vectors: Vectors
    params: Mapping[str, Value]
    neighbors: Neighbors | None = None
    initial: Positions | None = None
    progress: ProgressCallback = ignore_progress
    actions: Sequence[str] = ()
    labels: AnyArray | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a method.

    Attributes
    ----------
    positions : ndarray of shape (n_points, n_components), float32
    details : dict
        What is worth knowing about the result: explained variance, KL divergence. ``warnings``
        is a list of sentences.
    scores : ndarray of shape (n_points, n_kept), float32, or None
        More components than are shown (`Method.keeps_components`).
    """

    positions: Positions
    details: dict[str, Json] = field(default_factory=dict)
    scores: AnyArray | None = None


class Run(Protocol):
    """The function of a method."""

    def __call__(self, inputs: MethodInput) -> Outcome:
        """Return a position for every point."""
        ...


class NeighborsNeeded(Protocol):
    """States which neighbor graph a method needs, so that one graph can serve several."""

    def __call__(self, params: Mapping[str, Value], n_points: int) -> tuple[int, Metric]:
        """Return the number of neighbors of a point, and the metric."""
        ...


class CheckTogether(Protocol):
    """Checks parameters, each of which is right by itself, together."""

    def __call__(self, params: Mapping[str, Value]) -> None:
        """Raise `ParameterError` if they contradict each other."""
        ...


class MemoryNeeded(Protocol):
    """Estimates the memory of a method, so that what cannot fit is refused before it starts."""

    def __call__(self, params: Mapping[str, Value], n_points: int, n_dims: int) -> int:
        """Return the bytes at the peak, from above, less vectors and neighbor graph."""
        ...


@dataclass(frozen=True, slots=True)
class Method:
    """One way from vectors to positions.

    Validation, command line, page, cache key, estimators and documentation read nothing but
    this: none of them knows a method by its name.

    Attributes
    ----------
    name : str
        What the API, the command line and the URL say: ``"umap"``.
    title : str
        What people read: ``"UMAP"``.
    summary : str
        One or two sentences: what the projection shows and what it does not.
    parameters : tuple of Parameter
        Among them ``n_components`` and ``random_state``.
    run : Run
    neighbors_needed : NeighborsNeeded or None
        None where the method does not use a neighbor graph.
    memory_needed : MemoryNeeded or None
        None where a few hundred bytes a point are enough.
    live : tuple of str
        Parameters that are read again at every step, so that a value that changes meanwhile is
        used from the next step on.
    actions : tuple of Action
        What can be done once while it runs.
    version : int
        Raised when the same parameters would give other bytes; part of the cache key.
    is_instant : bool
        Done at once: no other projection needs to be shown meanwhile.
    keeps_components : bool
        `Outcome.scores` has further components to choose from.
    free_orientation : bool
        The result may be rotated, mirrored and scaled as a whole without losing its meaning.
    takes_differences : bool
        Adding a constant to a dimension of all vectors changes nothing, unless its parameter
        ``metric`` is one that sees it.
    takes_labels : bool
        A metadata column may influence it, by way of the neighbor graph.
    live_if : pair of str, or None
        A parameter and the value with which alone `live` parameters can be changed.
    check : CheckTogether or None
    uses_labels : callable or None
        Whether, with these parameters, it takes the labels itself and not by way of the graph.
    libraries : callable or None
        The packages whose versions the result depends on with these parameters, beside those of
        every result.

    Raises
    ------
    ParameterError
        The declaration contradicts itself.
    """

    name: str
    title: str
    summary: str
    parameters: tuple[Parameter, ...]
    run: Run
    neighbors_needed: NeighborsNeeded | None = None
    memory_needed: MemoryNeeded | None = None
    live: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    version: int = 1
    is_instant: bool = False
    keeps_components: bool = False
    free_orientation: bool = False
    takes_differences: bool = False
    takes_labels: bool = False
    live_if: tuple[str, str] | None = None
    check: CheckTogether | None = None
    uses_labels: Callable[[Mapping[str, Value]], bool] | None = None
    libraries: Callable[[Mapping[str, Value]], tuple[str, ...]] | None = None

    def can_change(self, params: Mapping[str, Value]) -> bool:
        """Return whether `live` parameters can be changed in a run with these parameters."""
        return self.live_if is None or params[self.live_if[0]] == self.live_if[1]

    def __post_init__(self) -> None:
        kinds = {each.name: each.kind for each in self.parameters}
        if len(kinds) < len(self.parameters):
            raise ParameterError(f"Two parameters of {self.name} have the same name.")
        for name in self.live:
            if name not in kinds:
                raise ParameterError(f"{self.name}: 'live' names {name!r}, which is no parameter.")
        for each in self.parameters:
            if each.of and kinds.get(each.of) != "column":
                raise ParameterError(f"{self.name}: {each.of!r} is no parameter of kind 'column'.")
        for name, _ in (each.requires for each in self.parameters if each.requires):
            if name not in kinds:
                raise ParameterError(f"{self.name}: 'requires' names {name!r}, no parameter.")
        if self.live_if is not None and self.live_if[0] not in kinds:
            raise ParameterError(f"{self.name}: 'live_if' names {self.live_if[0]!r}, no parameter.")
        if self.takes_labels and self.neighbors_needed is None:
            raise ParameterError(f"{self.name} takes labels, but has no neighbor graph for them.")
