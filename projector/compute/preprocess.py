"""Preprocessing of vectors: centering, scaling and PCA, all off by default."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from projector.compute.common_parameters import whole
from projector.compute.linear.components import components_bytes, principal_components
from projector.errors import ParameterError, ShapeError
from projector.model.dataset import SHIFT_FREE
from projector.model.parameters import Parameter, Value
from projector.model.progress import ProgressCallback, ignore_progress
from projector.model.sparse_rows import SparseRows, as_held, sparse_of
from projector.typing import AnyArray, Vectors

#: No deviation is rounded to 0.
SMALLEST = np.finfo(np.float32).smallest_subnormal
CENTERED = "The mean of all points was subtracted."
#: The steps, in the order in which they are taken.
PREPROCESSING = (
    Parameter(
        "center",
        "bool",
        False,
        "Subtract the mean of all points. Cosine distances then separate points that share one "
        "large common direction.",
        group="preprocessing",
        note="centered",
    ),
    Parameter(
        "standardize",
        "bool",
        False,
        "Divide each dimension by its standard deviation, so that dimensions with different units "
        "count equally.",
        group="preprocessing",
        note="standardized",
    ),
    Parameter(
        "unit_norm",
        "bool",
        False,
        "Scale each vector to length 1, so that only its direction counts.",
        group="preprocessing",
        note="unit length",
    ),
    Parameter(
        "pca_dims",
        "int",
        None,
        "Reduce the vectors to this many principal components first, which is faster and removes "
        "noise.",
        low=1,
        high=4096,
        group="preprocessing",
        unset="off",
        note="{value} PCA dimensions first",
    ),
)


def preprocess(
    vectors: Vectors,
    params: Mapping[str, Value],
    *,
    random_state: int = 0,
    progress: ProgressCallback = ignore_progress,
) -> tuple[Vectors, tuple[str, ...]]:
    """Take the steps that the parameters turn on.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
        Not changed; returned itself if no step is turned on.
    params : mapping
        As `PREPROCESSING` declares them; what is missing is off.
    random_state : int
        Seed of the randomized PCA of very large data.
    progress : callable

    Returns
    -------
    vectors : ndarray of shape (n_points, n_dims or pca_dims), float32
    notes : tuple of str
        What was done, with numbers: sentences for people.
    """
    notes: list[str] = []
    sparse = sparse_of(vectors)
    if sparse is not None:
        found = as_held(_sparse_steps(sparse, params, notes))
    else:
        found = _dense_steps(np.asarray(vectors), params, notes)
    wanted = params.get("pca_dims")
    if wanted is not None and whole(wanted) < found.shape[1]:
        components = principal_components(
            found, whole(wanted), random_state=random_state, progress=progress
        )
        kept = components.explained_variance_ratio[: len(components.components)].sum()
        found = components.scores(found, progress=progress)
        notes.append(
            f"Reduced to {found.shape[1]} principal components, which keep {kept:.1%} of the "
            "variance."
            + (f" They are divided by {components.unit:g}." if components.unit != 1 else "")
        )
    return found, tuple(notes)


def _dense_steps(found: Vectors, params: Mapping[str, Value], notes: list[str]) -> Vectors:
    if params.get("center") or params.get("standardize"):
        found = _centered(found)
        notes.append(CENTERED)
    if params.get("standardize"):
        found, note = _standardized(found)
        notes.append(note)
        if not params.get("center"):
            notes.remove(CENTERED)
    if params.get("unit_norm"):
        found, note = _unit_norm(found)
        notes.append(note)
    return found


def _sparse_steps(rows: SparseRows, params: Mapping[str, Value], notes: list[str]) -> SparseRows:
    """Take the steps on sparse rows, whose zeros stay zeros.

    Raises
    ------
    ParameterError
        The mean would have to be subtracted: neither is PCA taken after it, which does so by
        itself, nor does the metric take differences, in which it does not count.
    """
    for step in ("center", "standardize"):
        if not params.get(step):
            continue
        shift_free = params.get("pca_dims") is not None or params.get("metric") in SHIFT_FREE
        if not shift_free or params.get("unit_norm"):
            raise ParameterError(
                f"{step!r} would make every 0 of this sparse matrix another number. Use it with "
                "pca_dims=50 and without unit_norm, or leave it out."
            )
    if params.get("center"):
        notes.append(CENTERED)
    if params.get("standardize"):
        deviation, n_constant = sparse_deviation(rows)
        rows = rows.times(of_dims=1 / deviation)
        left = f" {n_constant} constant dimensions were left as they are." if n_constant else ""
        notes.append("Each dimension was divided by its standard deviation." + left)
    if params.get("unit_norm"):
        lengths = np.sqrt(rows.row_sums(np.square(rows.values, dtype=np.float64)))
        rows = rows.times(of_rows=1 / np.where(lengths > 0, lengths, 1))
        n_zero = int((lengths == 0).sum())
        left = f" {n_zero} zero vectors were left as they are." if n_zero else ""
        notes.append("Each vector was scaled to length 1." + left)
    return rows


def sparse_deviation(rows: SparseRows) -> tuple[AnyArray, int]:
    """Return the standard deviation of each dimension, 1 of those that are constant."""
    mean, squares = rows.mean(), rows.sums(np.square(rows.values, dtype=np.float64)) / len(rows)
    variance = squares - mean**2
    # What is left of a constant is rounding.
    varies = variance > 1e-12 * squares
    return np.sqrt(np.where(varies, variance, 1)), int((~varies).sum())


def takes_differences(params: Mapping[str, Value]) -> bool | None:
    """Return whether a constant added to a dimension of all vectors is taken away first.

    False if a step sees it before, None if no step does either: then the method decides.
    """
    if params.get("center") or params.get("standardize"):
        return True
    return False if params.get("unit_norm") else None


def preprocessing_bytes(params: Mapping[str, Value], n_points: int, n_dims: int) -> int:
    """Estimate the bytes of `preprocess` at its peak, from above: a copy for each step."""
    n_copies = sum(bool(params.get(step)) for step in ("center", "standardize", "unit_norm"))
    total = 4 * n_points * n_dims * n_copies
    if params.get("pca_dims") is not None:
        n_kept = whole(params["pca_dims"])
        total += components_bytes(n_points, n_dims, n_kept) + 4 * n_points * n_kept
    return total


def _centered(vectors: Vectors) -> Vectors:
    mean = vectors.mean(axis=0, dtype=np.float64)
    low, high = vectors.min(axis=0, initial=0), vectors.max(axis=0, initial=0)
    largest = max(float((high - mean).max(initial=0)), float((mean - low).max(initial=0)))
    if largest > float(np.finfo(np.float32).max):
        raise ShapeError(
            f"Vectors with values as far apart as {largest:.3g} cannot be centered in float32. "
            "Divide them by a constant first, or replace values that stand for missing by NaN."
        )
    centered: AnyArray = vectors - mean.astype(np.float32)
    return centered


def _standardized(centered: Vectors) -> tuple[Vectors, str]:
    # Each dimension by its own measure: one with huge values makes no other constant.
    squares = np.einsum("ij,ij->j", centered, centered, dtype=np.float64)
    deviation: AnyArray = np.sqrt(squares / len(centered))
    is_constant = deviation == 0
    divisor = np.maximum(np.where(is_constant, 1, deviation).astype(np.float32), SMALLEST)
    scaled: AnyArray = centered / divisor
    note = "Each dimension was divided by its standard deviation."
    n_constant = int(is_constant.sum())
    if n_constant:
        note += f" {n_constant} constant dimensions were left at zero."
    return scaled, note


def _unit_norm(vectors: Vectors) -> tuple[Vectors, str]:
    largest = np.abs(vectors).max(axis=1, initial=0)[:, None]
    scaled: AnyArray = vectors / np.where(largest > 0, largest, np.float32(1))
    lengths: AnyArray = np.linalg.norm(scaled, axis=1, keepdims=True)
    n_zero = int((lengths == 0).sum())
    note = "Each vector was scaled to length 1."
    if n_zero:
        note += f" {n_zero} zero vectors were left as they are."
    scaled /= np.where(lengths > 0, lengths, np.float32(1))
    return scaled, note
