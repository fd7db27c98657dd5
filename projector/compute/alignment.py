"""Pictures of the same points laid on one another: turned, mirrored, moved and scaled to fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from projector.errors import ParameterError, ShapeError
from projector.typing import AnyArray, Positions


@dataclass(frozen=True)
class Alignment:
    """A picture laid on a reference, and what that took.

    Attributes
    ----------
    positions : ndarray of shape (n_points, n_components), float32
        All points, also those the reference does not have.
    rotation : ndarray of shape (n_components, n_components), float64
        Orthogonal; ``positions = scale * old @ rotation + translation``.
    scale : float
    translation : ndarray of shape (n_components,), float64
    is_mirrored : bool
    residual : float
        What is left: the root of the sum of squares over that of the reference about its
        middle, 0 for the same shape and 1 for no relation at all.
    n_shared : int
        Points that both have.
    """

    positions: Positions
    rotation: AnyArray
    scale: float
    translation: AnyArray
    is_mirrored: bool
    residual: float
    n_shared: int

    @property
    def angle_degrees(self) -> float:
        """How far the picture was turned, 0 to 180, mirroring aside."""
        turn = self.rotation.copy()
        if self.is_mirrored:
            turn[:, -1] *= -1
        cosine = np.trace(turn) / 2 if len(turn) == 2 else (np.trace(turn) - 1) / 2
        return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def align(
    positions: Positions,
    reference: Positions,
    *,
    shared: tuple[AnyArray, AnyArray] | None = None,
    with_scale: bool = True,
) -> Alignment:
    """Lay `positions` on `reference` by what preserves shape.

    Parameters
    ----------
    positions : ndarray of shape (n_points, n_components), float32
    reference : ndarray of shape (n_reference, n_components), float32
    shared : pair of ndarray of shape (n_shared,), int, optional
        Rows of the same points in `positions` and in `reference`; without them row i is row i.
        Rows with a NaN in either are left out.
    with_scale : bool
        Whether the picture may be scaled too.

    Raises
    ------
    ShapeError
        Different dimensions, or different numbers of points without `shared`.
    ParameterError
        No shared point.

    Notes
    -----
    Orthogonal Procrustes (Schönemann 1966), with scale and translation (Gower 1975). Time
    O(n_points).
    """
    if positions.ndim != 2 or positions.shape[1] != reference.shape[1]:
        raise ShapeError(
            f"Both pictures must have as many dimensions; got {positions.shape} and "
            f"{reference.shape}."
        )
    if shared is None and len(positions) != len(reference):
        raise ShapeError(
            f"Pictures of {len(positions):,} and {len(reference):,} points can be aligned only "
            "where it is said which points they share."
        )
    own, other = shared or (np.arange(len(positions)), np.arange(len(positions)))
    source, target = positions[own].astype(np.float64), reference[other].astype(np.float64)
    is_placed = np.isfinite(source).all(axis=1) & np.isfinite(target).all(axis=1)
    source, target = source[is_placed], target[is_placed]
    if len(source) == 0:
        raise ParameterError(
            "The two pictures share no point, so neither can be laid on the other."
        )
    source_middle, target_middle = source.mean(axis=0), target.mean(axis=0)
    source, target = source - source_middle, target - target_middle
    left, strengths, right = np.linalg.svd(source.T @ target)
    rotation = left @ right
    size = (source**2).sum()
    scale = float(strengths.sum() / size) if with_scale and size > 0 else 1.0
    translation = target_middle - scale * source_middle @ rotation
    reference_size = (target**2).sum()
    left_over = ((scale * source @ rotation - target) ** 2).sum()
    return Alignment(
        positions=(scale * positions.astype(np.float64) @ rotation + translation).astype(
            np.float32
        ),
        rotation=rotation,
        scale=scale,
        translation=translation,
        is_mirrored=bool(np.linalg.det(rotation) < 0),
        residual=float(np.sqrt(left_over / reference_size)) if reference_size > 0 else 0.0,
        n_shared=len(source),
    )
