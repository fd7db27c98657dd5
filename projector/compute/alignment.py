"""Aligns two projections by rotation, mirroring, scaling and translation (Procrustes)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from projector.errors import ParameterError, ShapeError
from projector.machine.blas_threads import one_blas_thread
from projector.typing import AnyArray, Positions


@dataclass(frozen=True)
class Alignment:
    """A projection aligned to a reference, and the transformation.

    Attributes
    ----------
    positions : ndarray of shape (n_points, n_components), float32
        Of all points, including those that the reference does not have.
    rotation : ndarray of shape (n_components, n_components), float64
        Orthogonal; ``positions = scale * old @ rotation + translation``.
    scale : float
    translation : ndarray of shape (n_components,), float64
    is_mirrored : bool
    residual : float
        Root of the sum of squared differences over that of the centered reference: 0 for the
        same shape, 1 for unrelated ones.
    n_shared : int
        Number of points that both have.
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
        """Angle of the rotation without the mirroring, 0 to 180."""
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
    """Align `positions` with `reference` by a transformation that preserves shape.

    Parameters
    ----------
    positions : ndarray of shape (n_points, n_components), float32
    reference : ndarray of shape (n_reference, n_components), float32
    shared : pair of ndarray of shape (n_shared,), int, optional
        Rows of the same points in `positions` and in `reference`; by default row i is row i.
        Rows with NaN in either are ignored.
    with_scale : bool
        Whether it may be scaled, too.

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
    with one_blas_thread():
        return _aligned(positions, reference, shared, with_scale)


def _aligned(
    positions: Positions,
    reference: Positions,
    shared: tuple[AnyArray, AnyArray] | None,
    with_scale: bool,
) -> Alignment:
    if positions.ndim != 2 or positions.shape[1] != reference.shape[1]:
        raise ShapeError(
            f"Both projections must have the same number of dimensions. Got shapes "
            f"{positions.shape} and {reference.shape}."
        )
    if shared is None and len(positions) != len(reference):
        raise ShapeError(
            f"Projections of {len(positions):,} and {len(reference):,} points can be aligned only "
            "if 'shared' says which points they have in common."
        )
    own, other = shared or (np.arange(len(positions)), np.arange(len(positions)))
    source, target = positions[own].astype(np.float64), reference[other].astype(np.float64)
    is_placed = np.isfinite(source).all(axis=1) & np.isfinite(target).all(axis=1)
    source, target = source[is_placed], target[is_placed]
    if len(source) == 0:
        raise ParameterError(
            "The two projections have no point in common, so they cannot be aligned."
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
