"""The result of a search for clusters: levels, names, and why each has its name."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from projector.machine.saved_file import save_bytes
from projector.model.arguments import path_of
from projector.model.export import columns_bytes
from projector.model.metadata import Column, Metadata
from projector.model.text import PackedText
from projector.typing import Json

NamedBy: TypeAlias = Literal["words", "category", "central", "number"]

#: The column of the finest level; coarser ones have their number in parentheses.
COLUMN_NAME = "cluster"


@dataclass(frozen=True)
class Word:
    """A word that is distinctive of a cluster.

    Attributes
    ----------
    text : str
    weight : float
        Class-based TF-IDF, times 1,000.
    share : float
        Of the cluster's texts that have it, 0 to 1.
    lift : float
        How many times more frequent it is in the cluster than elsewhere.
    column : str
    """

    text: str
    weight: float
    share: float
    lift: float
    column: str


@dataclass(frozen=True)
class HeldMost:
    """The category of one column that a cluster holds most.

    Attributes
    ----------
    column, value : str
    share : float
        Of the cluster's points that have it, 0 to 1.
    lift : float
        How many times more frequent it is in the cluster than elsewhere.
    """

    column: str
    value: str
    share: float
    lift: float


@dataclass(frozen=True)
class ClusterName:
    """What a cluster is called, and why.

    Attributes
    ----------
    text : str
        Unique within the level.
    by : {"words", "category", "central", "number"}
        What the name is made of.
    size : int
        Points of the cluster.
    words : tuple of Word
        The most distinctive first.
    categories : tuple of HeldMost
        One of each column, the clearest first.
    central : tuple of int
        Rows in the middle of the cluster, the most central first.
    labels : tuple of str
        Of the first of these rows.
    """

    text: str
    by: NamedBy
    size: int
    words: tuple[Word, ...] = ()
    categories: tuple[HeldMost, ...] = ()
    central: tuple[int, ...] = field(default=(), repr=False)
    labels: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Return all of it as JSON."""
        return {
            "text": self.text,
            "by": self.by,
            "size": self.size,
            "words": [dict(vars(word)) for word in self.words],
            "categories": [dict(vars(each)) for each in self.categories],
            "central": list(self.central),
            "labels": list(self.labels),
        }


@dataclass(frozen=True)
class ClusterLevel:
    """One level of the hierarchy.

    Attributes
    ----------
    labels : ndarray of shape (n_points,), int32
        The cluster of each point, the largest first; -1 is noise.
    names : tuple of ClusterName
        Of each cluster.
    parents : ndarray of shape (n_clusters,), int32
        The cluster of the next coarser level that holds each one; -1 for none.
    min_cluster_size : int
    """

    labels: NDArray[np.int32] = field(repr=False)
    names: tuple[ClusterName, ...] = field(repr=False)
    parents: NDArray[np.int32] = field(repr=False)
    min_cluster_size: int

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return len(self.names)

    @property
    def n_noise(self) -> int:
        """Number of points in no cluster."""
        return int(np.count_nonzero(self.labels < 0))


@dataclass(frozen=True)
class Clusters:
    """Clusters at several levels; returned by `projector.clusters`.

    Attributes
    ----------
    levels : tuple of ClusterLevel
        The coarsest first. Each cluster lies in at most one of the next coarser level.
    degree : ndarray of shape (n_points,), int32
        Of how many points each one is among the nearest: how central it is. Where there are
        landmarks, of how many of these; 0 for the other points.
    space : {"original", "projection"}
        Where they were found.
    metric : str
    warnings : tuple of str
    n_landmarks : int or None
        Points that were clustered, where the others joined them; None where all were clustered.
    """

    levels: tuple[ClusterLevel, ...] = field(repr=False)
    degree: NDArray[np.int32] = field(repr=False)
    space: Literal["original", "projection"]
    metric: str
    warnings: tuple[str, ...] = ()
    n_landmarks: int | None = None

    @property
    def labels(self) -> NDArray[np.int32]:
        """The cluster of each point at the finest level, (n_points,) int32; -1 is noise."""
        return self.levels[-1].labels

    @property
    def names(self) -> tuple[ClusterName, ...]:
        """The names of the finest level."""
        return self.levels[-1].names

    def columns(self) -> tuple[Column, ...]:
        """Return a categorical column of names for each level, the finest first.

        Points in no cluster have no value. The finest is called ``"cluster"``, coarser ones
        ``"cluster (9)"`` by their number of clusters.
        """
        found: list[Column] = []
        for level in reversed(self.levels):
            name = f"{COLUMN_NAME} ({level.n_clusters})" if found else COLUMN_NAME
            found.append(Column(name, "categorical", _texts_of(level)))
        return tuple(found)

    def save(self, path: str | Path, *, metadata: Metadata | None = None) -> Path:
        """Write the names of every point's clusters to a table.

        Parameters
        ----------
        path : str or Path
            ``.parquet``, ``.arrow``, ``.feather``, ``.csv`` or ``.tsv``.
        metadata : Metadata, optional
            Columns to write beside them.

        Raises
        ------
        ParameterError
            Another extension.
        """
        path = path_of(path)
        others = () if metadata is None else metadata.columns
        content = columns_bytes(
            path.name, Metadata((*self.columns(), *others)), about=self.as_json()
        )
        save_bytes(path, content)
        return path

    def as_json(self) -> dict[str, Json]:
        """Return all of it but the arrays as JSON."""
        levels: list[Json] = [
            {
                "n_clusters": level.n_clusters,
                "n_noise": level.n_noise,
                "min_cluster_size": level.min_cluster_size,
                "parents": level.parents.tolist(),
                "names": [name.as_json() for name in level.names],
            }
            for level in self.levels
        ]
        about: dict[str, Json] = {
            "space": self.space,
            "metric": self.metric,
            "n_landmarks": self.n_landmarks,
        }
        return {**about, "levels": levels, "warnings": list(self.warnings)}


def _texts_of(level: ClusterLevel) -> PackedText:
    """Return the name of each point's cluster; missing for noise."""
    encoded = [name.text.encode("utf-8", "replace") for name in level.names]
    sizes = np.array([len(each) for each in encoded] + [0], np.int64)
    lengths = sizes[level.labels]
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    width = max(map(len, encoded), default=0)
    table = np.zeros((len(sizes), max(1, width)), np.uint8)
    for row, each in enumerate(encoded):
        table[row, : len(each)] = np.frombuffer(each, np.uint8)
    # By pieces: all texts at full width would take several times their bytes.
    pieces = []
    for start in range(0, len(lengths), 1 << 16):
        labels = level.labels[start : start + (1 << 16)]
        is_text = np.arange(table.shape[1]) < sizes[labels][:, None]
        pieces.append(table[labels][is_text])
    data = np.concatenate(pieces) if pieces else np.zeros(0, np.uint8)
    return PackedText(data, offsets, level.labels < 0)
