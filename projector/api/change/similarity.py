"""How alike any two of many embeddings are: step by step, run by run, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from projector.api.change.compare import one_metric, row_content, taken_rows
from projector.api.change.matching import Match, match_points
from projector.api.memory_check import check_change_fits
from projector.api.neighbors import Graphs
from projector.api.result_store import default_cache, load_stored, part, result_key
from projector.compute.change.kept import kept_share
from projector.compute.change.likeness import procrustes_similarity, sampled, unbiased_cka
from projector.compute.change.procrustes import sample_rows
from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.space import prepare
from projector.errors import ParameterError
from projector.jobs.cache import ResultCache
from projector.loaders.logdir.log import Log
from projector.model.arguments import check_callable, shown, whole_number
from projector.model.dataset import Dataset
from projector.model.listing import Entry
from projector.model.neighbors import Neighbors
from projector.model.progress import Progress, ProgressCallback, ignore_progress
from projector.model.sparse_rows import dense_vectors
from projector.typing import AnyArray, Json, Metric, Vectors

AlikeFigure: TypeAlias = Literal["kept", "cka", "procrustes"]
ALIKE: Final[tuple[AlikeFigure, ...]] = get_args(AlikeFigure)
#: Increased when other figures are computed than before.
SIMILARITY_VERSION = 1
#: Up to this many shared points all count; of more, the kept neighbors of so many seeded ones.
WHOLE_POINTS, QUERIES = 10_000, 2000
#: Embeddings that are compared at most: each pair costs a moment.
MOST_ENTRIES = 200


@dataclass(frozen=True)
class Similarity:
    """A matrix of how alike embeddings are; returned by `projector.similarity`.

    Attributes
    ----------
    matrix, errors : ndarray of shape (n_entries, n_entries), float32
        Symmetric; NaN where the figure is not defined or withheld. The errors are standard errors
        of sampled figures, else 0.
    n_shared : ndarray of the same shape, int64
        Points that each pair has in common.
    figure : {"kept", "cka", "procrustes"}
    names : tuple of str
        Run, tensor and step of each entry.
    k : int
    metric : str
    warnings : tuple of str
    """

    matrix: NDArray[np.float32] = field(repr=False)
    errors: NDArray[np.float32] = field(repr=False)
    n_shared: NDArray[np.int64] = field(repr=False)
    figure: AlikeFigure
    names: tuple[str, ...]
    k: int
    metric: Metric
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Return everything but the matrices as JSON."""
        return {
            "figure": self.figure,
            "names": list(self.names),
            "k": self.k,
            "metric": self.metric,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True)
class Cell:
    """One figure of one pair, its error, the points of the pair, and why it is not defined."""

    value: float
    error: float
    n_shared: int
    warnings: tuple[str, ...] = ()


def similarity(
    entries: Sequence[Dataset | Entry | Any],
    figure: str = "kept",
    *,
    k: int = 15,
    metric: str = "euclidean",
    match: str = "row",
    log: Log | None = None,
    progress: ProgressCallback | None = None,
    cache: ResultCache | None = None,
) -> Similarity:
    """Say how alike any two of several embeddings of the same points are.

    Parameters
    ----------
    entries : sequence of Dataset, Entry or array-like of shape (n_points, n_dims)
        Steps, runs or layers, at least one. Entries are loaded from `log`.
    figure : {"kept", "cka", "procrustes"}, default="kept"
        Mean share of kept neighbors, unbiased linear CKA, or Procrustes similarity.
    k : int, default=15
        Neighbors per point, for ``"kept"``.
    metric : str, default="euclidean"
        For ``"kept"``.
    match : str, default="row"
        How points are found again: see `compare`.
    log : Log, optional
        Needed for entries of a listing.
    progress : callable, optional
        Called after each pair; raise `Cancelled` in it to cancel. Pairs that are done are stored.
    cache : ResultCache, optional
        Where pairs are stored; the user's own cache by default.

    Returns
    -------
    Similarity

    Raises
    ------
    ParameterError
        An unknown figure, entries without their log, or none at all.
    ShapeError
        Another number of rows with ``match="row"``.

    Notes
    -----
    Above 10,000 shared points kept neighbors are those of 2,000 seeded ones among all, and CKA and
    Procrustes similarity are those of 10,000 rows; ``errors`` say ±.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> x = np.random.default_rng(0).normal(size=(200, 8))
    >>> alike = projector.similarity([x, 2 * x, x[::-1]], "cka")
    >>> np.abs(alike.matrix.round(1)).tolist()
    [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    if figure not in ALIKE:
        known = ", ".join(map(repr, ALIKE))
        raise ParameterError(f"'figure' must be one of {known}. Got {shown(figure)}.")
    k = whole_number(k, name="k", low=1, high=None)
    chosen = one_metric(metric)
    check_callable(progress, name="progress")
    report, store = progress or ignore_progress, cache or default_cache()
    data = datasets_of(entries, log)
    matches = {
        (i, j): match_points(data[i], data[j], match) for i, j in combinations(range(len(data)), 2)
    }
    return matched_similarity(data, matches, figure, k, chosen, store, report)


def datasets_of(entries: Sequence[Any], log: Log | None) -> list[Dataset]:
    """Return what is to be compared as datasets, loaded from a log where they are entries."""
    if not isinstance(entries, list | tuple) or not 1 <= len(entries) <= MOST_ENTRIES:
        n_given = f"{len(entries):,}" if isinstance(entries, list | tuple) else shown(entries)
        raise ParameterError(
            f"There must be from 1 to {MOST_ENTRIES} embeddings in a list. Got {n_given}."
        )
    found = []
    for each in entries:
        if isinstance(each, Entry):
            if log is None:
                raise ParameterError("Entries of a listing are loaded from 'log', which is None.")
            found.append(log.load(each))
        else:
            found.append(each if isinstance(each, Dataset) else Dataset(each))
        dense_vectors(found[-1].vectors, "A comparison of embeddings")
    return found


def matched_similarity(
    data: Sequence[Dataset],
    matches: dict[tuple[int, int], Match],
    figure: AlikeFigure,
    k: int,
    metric: Metric,
    cache: ResultCache,
    progress: ProgressCallback,
) -> Similarity:
    """Fill the matrix pair by pair; see `similarity`."""
    n = len(data)
    matrix, errors = np.eye(n, dtype=np.float32), np.zeros((n, n), np.float32)
    n_shared = np.diag([each.n_points for each in data]).astype(np.int64)
    warnings: list[str] = []
    names = tuple(name_of(each, at) for at, each in enumerate(data))
    for done, ((i, j), match) in enumerate(matches.items()):
        cell = _cell(data[i], data[j], match, (figure, k, metric), cache, progress)
        matrix[i, j] = matrix[j, i] = cell.value
        errors[i, j] = errors[j, i] = cell.error
        n_shared[i, j] = n_shared[j, i] = cell.n_shared
        warnings += [f"{names[i]} and {names[j]}: {each}" for each in cell.warnings]
        progress(Progress("similarity", done + 1, len(matches)))
    if errors.any():
        n_rows = f"{QUERIES:,} points" if figure == "kept" else "10,000 points"
        warnings.append(f"Figures of large pairs are those of {n_rows}, with an error of ±.")
    for at, each in enumerate(data):
        if figure != "kept" and not _varies(each):
            matrix[at, at] = np.nan
    return Similarity(matrix, errors, n_shared, figure, names, k, metric, tuple(warnings))


def _varies(data: Dataset) -> bool:
    """Return whether not all finite vectors are equal; what does not vary is like nothing."""
    rows = np.flatnonzero(data.finite_rows)
    vectors = data.vectors_under(None)
    parts = (rows[at : at + 1000] for at in range(0, len(rows), 1000))
    return any(bool((vectors[part] != vectors[rows[0]]).any()) for part in parts)


def name_of(data: Dataset, at: int) -> str:
    """Return run, tensor and step of a dataset as one text; its place if it has no name."""
    embedding = data.embedding
    parts = [embedding.run if embedding.run != "." else "", embedding.name]
    step = "" if embedding.step is None else f"step {embedding.step}"
    return " ".join(filter(None, (*parts, step))) or f"embedding {at + 1}"


def _cell(
    a: Dataset,
    b: Dataset,
    match: Match,
    asked: tuple[AlikeFigure, int, Metric],
    cache: ResultCache,
    progress: ProgressCallback,
) -> Cell:
    figure, k, metric = asked
    is_finite = a.finite_rows[match.rows_a] & b.finite_rows[match.rows_b]
    rows_a, rows_b = match.rows_a[is_finite], match.rows_b[is_finite]
    n = len(rows_a)
    if n < 4:
        return Cell(float("nan"), 0.0, n, (f"only {n} shared points are finite; 4 are needed.",))
    k = min(k, (n - 1) // 2)
    seen = metric if figure == "kept" else "euclidean"
    contents = row_content(a, rows_a), row_content(b, rows_b)
    sides = sorted(zip(contents, ((a, rows_a), (b, rows_b)), strict=True), key=lambda each: each[0])
    about = {
        "other": sides[1][0],
        "figure": figure,
        "k": k if figure == "kept" else 0,
        "metric": seen,
        "version": SIMILARITY_VERSION,
    }
    key = result_key("similarity", sides[0][0], about)
    found = load_stored(
        cache,
        key,
        lambda stored: Cell(
            float("nan") if stored.about["value"] is None else part(stored.about, "value", float),
            part(stored.about, "error", float),
            part(stored.about, "n_shared", int),
            tuple(part(stored.about, "warnings", list)),
        ),
    )
    if found is None:
        check_change_fits(n, (a.n_dims, b.n_dims), k)
        # In an order of their own, so that the pair the other way round has the same bytes.
        vectors = [taken_rows(data, rows, seen) for _, (data, rows) in sides]
        found = _measured(
            vectors, [content for content, _ in sides], (figure, k, seen), cache, progress
        )
        value = None if np.isnan(found.value) else found.value
        cache.put(key, {}, {**vars(found), "value": value, "warnings": list(found.warnings)})
    return found


def _measured(
    vectors: Sequence[Vectors],
    contents: Sequence[str],
    asked: tuple[AlikeFigure, int, Metric],
    cache: ResultCache,
    progress: ProgressCallback,
) -> Cell:
    figure, k, metric = asked
    n = len(vectors[0])
    if any((each == each[0]).all() for each in vectors):
        return Cell(float("nan"), 0.0, n, ("all vectors of one are equal.",))
    if figure == "kept":
        value, error = _mean_kept(vectors, contents, k, metric, cache, progress)
        return Cell(value, error, n)
    measure = unbiased_cka if figure == "cka" else procrustes_similarity
    value, error, _ = sampled(measure, vectors[0], vectors[1])
    if np.isnan(value):
        n_dims = max(each.shape[1] for each in vectors)
        why = f"withheld as biased: {n:,} points in {n_dims:,} dimensions."
        return Cell(value, 0.0, n, (why if figure == "procrustes" else "not defined.",))
    return Cell(value, error, n)


def _mean_kept(
    vectors: Sequence[Vectors],
    contents: Sequence[str],
    k: int,
    metric: Metric,
    cache: ResultCache,
    progress: ProgressCallback,
) -> tuple[float, float]:
    spaces = [prepare(each, metric) for each in vectors]
    n = len(vectors[0])
    if n <= WHOLE_POINTS:
        graphs = Graphs(cache)
        near = [
            graphs.graph(v, c, k, metric, progress=progress)
            for v, c in zip(vectors, contents, strict=True)
        ]
        kept = kept_share((spaces[0], near[0]), (spaces[1], near[1]))
        return float(kept.mean(dtype=np.float64)), 0.0
    rows = sample_rows(n, QUERIES, 0)
    near = [
        _near_queries(v, c, rows, k, metric, cache) for v, c in zip(vectors, contents, strict=True)
    ]
    kept = kept_share((spaces[0], near[0]), (spaces[1], near[1]), points=rows)
    error = float(kept.std(dtype=np.float64) / np.sqrt(len(rows)) * np.sqrt(1 - len(rows) / n))
    return float(kept.mean(dtype=np.float64)), error


def _near_queries(
    vectors: Vectors, content: str, rows: AnyArray, k: int, metric: Metric, cache: ResultCache
) -> Neighbors:
    """Return the neighbors of some points among all, from the cache if they are there."""
    about = {"k": k, "metric": metric, "queries": len(rows), "version": SIMILARITY_VERSION}
    key = result_key("sampled neighbors", content, about)
    indices = load_stored(cache, key, lambda stored: stored.arrays["indices"])
    if indices is None or indices.shape != (len(rows), k):
        search = Search(prepare(vectors, metric))
        step = 500
        found = [search.of_points(rows[at : at + step], k)[0] for at in range(0, len(rows), step)]
        indices = np.concatenate(found)
        cache.put(key, {"indices": indices}, {})
    return Neighbors(indices, np.zeros(indices.shape, np.float32), metric)
