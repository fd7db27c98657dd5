"""What the layout of a series returns: a projection of every step, and how truthful motion is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.compute.series.motion import Motion
from projector.machine.saved_file import save_bytes
from projector.model.arguments import path_of
from projector.model.export import table_bytes
from projector.model.metadata import Metadata
from projector.model.projection import Projection
from projector.typing import Json, Positions

#: Above this share of the picture still points are said to move, and below this AUC motion does
#: not tell what changed.
AMBER_MOTION, AMBER_AUC = 0.1, 0.8


@dataclass(frozen=True)
class Series:
    """One layout of many steps; returned by `projector.project_series`.

    ``series[t]`` is the `Projection` of step t, with a row for every row of its dataset.

    Attributes
    ----------
    id : str
        32 hexadecimal digits: a hash of all contents, in their order, and of every parameter.
    projections : tuple of Projection
    motion : tuple of Motion
        From each step to the next, in sizes of the series; empty if it was not measured.
    method : str
    params : dict
    tether : float
    window : int
    names : tuple of str
    points : tuple of ndarray of shape (n_rows,), int64
        Which point of the series each row of a step is.
    details : dict
        ``sizes`` of the steps, what the method says, and ``quality`` of each step.
    warnings : tuple of str
    beside : tuple of int
        Steps that were laid beside a series which is older.
    contents : tuple of str
        A hash of the vectors of each step.
    changed : tuple of ndarray of shape (n_changed,), int64
        The points that kept at most 40 % of their neighbors from each step to the next, those that
        kept fewest first: at most 2,000; ``motion`` has the number of all.
    """

    id: str
    projections: tuple[Projection, ...] = field(repr=False)
    motion: tuple[Motion, ...] = field(repr=False)
    method: str
    params: dict[str, Any] = field(repr=False)
    tether: float
    window: int
    names: tuple[str, ...]
    points: tuple[NDArray[np.int64], ...] = field(repr=False)
    details: dict[str, Any] = field(repr=False)
    warnings: tuple[str, ...] = ()
    beside: tuple[int, ...] = ()
    contents: tuple[str, ...] = field(default=(), repr=False)
    changed: tuple[NDArray[np.int64], ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.projections)

    def __iter__(self) -> Iterator[Projection]:
        return iter(self.projections)

    def __getitem__(self, step: int) -> Projection:
        return self.projections[step]

    @cached_property
    def frame(self) -> tuple[tuple[float, ...], float]:
        """The middle of all steps, and how far the farthest point of any of them is from it.

        In one frame, a step is drawn in the same place whichever step was drawn before.
        """
        low, high = [], []
        for each in self.projections:
            known = each.positions[np.isfinite(each.positions).all(axis=1)]
            low.append(known.min(axis=0))
            high.append(known.max(axis=0))
        middle = (np.min(low, axis=0).astype(np.float64) + np.max(high, axis=0)) / 2
        off = [((each.positions - middle) ** 2).sum(axis=1) for each in self.projections]
        return tuple(middle.tolist()), max(float(np.sqrt(np.nanmax(each))) for each in off)

    def trails(self, step: int) -> tuple[NDArray[np.int64], Positions]:
        """Return what changed most from the step before to `step`, and where it was before.

        Returns
        -------
        rows : ndarray of shape (n_changed,), int64
            Rows of `step`, at most 2,000; none for the first step, and without ``motion``.
        positions : ndarray of shape (n_changed, n_components), float32
            Where those points were at the step before.
        """
        n_components = self.projections[0].n_components
        if not 1 <= step <= len(self.changed):
            return np.zeros(0, np.int64), np.zeros((0, n_components), np.float32)
        points = self.changed[step - 1]
        before = self.projections[step - 1].positions[self._rows(step - 1, points)]
        return self._rows(step, points), before

    def paths(self, step: int, rows: NDArray[np.int64]) -> Positions:
        """Return where some points are at every step.

        Parameters
        ----------
        step : int
            The step whose rows are given.
        rows : ndarray of shape (n_rows,), int64

        Returns
        -------
        ndarray of shape (n_steps, n_rows, n_components), float32
            NaN where a step lacks the point.
        """
        points = self.points[step][rows]
        shape = (len(self), len(rows), self.projections[0].n_components)
        found = np.full(shape, np.nan, np.float32)
        for t, each in enumerate(self.projections):
            at = self._rows(t, points)
            found[t, at >= 0] = each.positions[at[at >= 0]]
        return found

    def _rows(self, step: int, points: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of points in a step, -1 for those that it lacks."""
        own = self.points[step]
        rows = np.full(1 + max(own.max(initial=0), points.max(initial=0)), -1, np.int64)
        rows[own] = np.arange(len(own))
        return rows[points]

    @property
    def false_motion(self) -> float:
        """Mean over the transitions of how far points move that stayed, in sizes; NaN if none."""
        return _mean([each.false for each in self.motion])

    @property
    def true_motion(self) -> float:
        """Mean over the transitions of how far points move that changed, in sizes."""
        return _mean([each.true for each in self.motion])

    @property
    def auc(self) -> float:
        """Mean probability that a changed point moves further than one that stayed."""
        return _mean([each.auc for each in self.motion])

    @property
    def is_truthful(self) -> bool:
        """Whether motion tells what changed: still points hardly move, changed ones do."""
        return not (self.false_motion > AMBER_MOTION or self.auc < AMBER_AUC)

    @property
    def line(self) -> str:
        """A sentence on what motion in this series means."""
        if len(self) == 1:
            return "One step has no motion."
        if not self.motion:
            return "The motion of this series was not measured."
        if np.isnan(self.false_motion):
            return "No step has 10 points that kept their neighbors from the one before."
        said = f"Points that stayed move by {self.false_motion:.1%} of the picture's size per step"
        if np.isnan(self.true_motion):
            return f"{said}; fewer than 10 points changed."
        auc = "" if np.isnan(self.auc) else f" (AUC {self.auc:.2f})"
        return f"{said}, those that changed by {self.true_motion:.1%}{auc}."

    def as_json(self) -> dict[str, Json]:
        """Return everything but positions and points as JSON."""
        return {
            "id": self.id,
            "method": self.method,
            "params": self.params,
            "tether": self.tether,
            "window": self.window,
            "names": list(self.names),
            "n_points": [each.n_points for each in self.projections],
            "n_components": self.projections[0].n_components,
            "motion": [each.as_json() for each in self.motion],
            "line": self.line,
            "is_truthful": self.is_truthful,
            "details": self.details,
            "warnings": list(self.warnings),
            "beside": list(self.beside),
        }

    def save(self, path: str | Path) -> Path:
        """Write the positions of all steps to one file; see `Projection.save` for the formats.

        Tables have the columns ``x``, ``y`` (and ``z``), ``step`` (its place in the series),
        ``index`` (the row in its dataset) and ``point`` (the point of the series).
        """
        path = path_of(path)
        sizes = [each.n_points for each in self.projections]
        columns = Metadata.from_mapping(
            {
                "step": np.repeat(np.arange(len(sizes)), sizes),
                "index": np.concatenate([np.arange(n) for n in sizes]),
                "point": np.concatenate(self.points),
            }
        )
        positions = np.concatenate([each.positions for each in self.projections])
        about = {"method": self.method, "params": self.params, "details": self.as_json()}
        content = table_bytes(path.name, positions, about=about, metadata=columns)
        save_bytes(path, content)
        return path


def _mean(values: list[float]) -> float:
    known = [each for each in values if each == each]
    return float(np.mean(known)) if known else float("nan")
