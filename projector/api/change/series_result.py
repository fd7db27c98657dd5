"""What the layout of a series returns: a projection of every step, and how truthful motion is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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
from projector.typing import Json

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

    def __len__(self) -> int:
        return len(self.projections)

    def __iter__(self) -> Iterator[Projection]:
        return iter(self.projections)

    def __getitem__(self, step: int) -> Projection:
        return self.projections[step]

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
