"""Names clusters from the columns of their points: by words, a category, or central points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from projector.api.clusters.result import ClusterName, HeldMost, NamedBy, Word
from projector.api.table.first_columns import is_identifier, label_column
from projector.api.table.words import Words, words_of
from projector.compute.clusters.distinctive import (
    LEAST_LIFT,
    MOST_SAID,
    Said,
    distinctive_categories,
    distinctive_terms,
)
from projector.errors import ParameterError
from projector.model.dataset import Dataset
from projector.model.metadata import Column
from projector.model.unique_names import unique_name

#: Words and labels of a name.
_WORDS, _LABELS = 3, 3
#: A word of a name stands in so large a share of the cluster's texts at least.
_NAMING_SHARE = 0.1
#: A category names a cluster that it is most of.
_NAMING_CATEGORY = 0.5
#: Texts that are read at most; of more, so many by chance.
MOST_TEXTS = 300_000
#: Signs of a label in a name, and words: a longer one is a sentence.
_LABEL_SIGNS, _LABEL_WORDS = 40, 4
#: A column with more categories says nothing of a cluster in one of them.
_MOST_CATEGORIES = 1000


@dataclass(frozen=True)
class NamingColumns:
    """What clusters are named from.

    Attributes
    ----------
    texts : tuple of Column
        Read for words.
    categories : tuple of Column
    label : Column or None
        What points are called.
    """

    texts: tuple[Column, ...] = field(repr=False)
    categories: tuple[Column, ...] = field(repr=False)
    label: Column | None = field(repr=False)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The points whose texts are read: all, or `MOST_TEXTS` by chance; ascending."""
        n_points = len(self.texts[0].text) if self.texts else 0
        if n_points <= MOST_TEXTS:
            return np.arange(n_points)
        rng = np.random.default_rng(0)
        return np.sort(rng.choice(n_points, MOST_TEXTS, replace=False))

    @cached_property
    def words(self) -> tuple[Words, ...]:
        """The words of each of `texts`, read once for all levels."""
        return tuple(words_of(column.text, rows=self.rows) for column in self.texts)


def naming_columns(data: Dataset, text: str | Sequence[str] | None) -> NamingColumns:
    """Return the columns that say what points are.

    Parameters
    ----------
    data : Dataset
    text : str, sequence of str or None
        The columns that are read for words; by default all of prose.

    Raises
    ------
    UnknownNameError
        There is no such column.
    ParameterError
        `text` is no name.
    """
    # Clusters that were found before say nothing new of these.
    columns = [each for each in data.metadata.columns if each.made_by is None]
    if text is None:
        texts = [each for each in columns if each.kind == "text" and not is_identifier(each)]
    else:
        names = [text] if isinstance(text, str) else list(text)
        if not all(isinstance(name, str) for name in names):
            raise ParameterError("'text' must be the name of a column, or several.")
        texts = [data.metadata[name] for name in names]
    kinds = ("categorical", "numeric")
    categories = [
        each
        for each in columns
        if each.kind in kinds and not is_identifier(each) and _has_few(each)
    ]
    label = label_column(data)
    return NamingColumns(
        tuple(texts), tuple(categories), None if label is None else data.metadata.columns[label]
    )


def _has_few(column: Column) -> bool:
    if column.numbers is not None:
        present = column.numbers[np.isfinite(column.numbers)]
        if not bool((present % 1 == 0).all()):
            return False
    # Numbers of many values are measured, not names of classes.
    most = 40 if column.numbers is not None else _MOST_CATEGORIES
    return not column.text.has_more_distinct(most) and column.text.n_distinct() > 1


def name_clusters(
    labels: NDArray[np.int32],
    central: NDArray[np.int32],
    columns: NamingColumns,
    *,
    above: Sequence[ClusterName] = (),
    parents: NDArray[np.int32] | None = None,
) -> tuple[ClusterName, ...]:
    """Name the clusters of one level.

    Parameters
    ----------
    labels : ndarray of shape (n_points,), int32
    central : ndarray of shape (n_clusters, n_central), int32
        Rows in the middle of each cluster, -1 where there are no more.
    columns : NamingColumns
    above : sequence of ClusterName
        The names of the next coarser level, whose words come last.
    parents : ndarray of shape (n_clusters,), int32, optional
    """
    sizes = np.bincount(labels[labels >= 0], minlength=len(central))
    words = _words(labels, len(central), columns)
    held = _held(labels, len(central), columns.categories)
    found = []
    for cluster, rows in enumerate(central):
        middle = tuple(int(row) for row in rows if row >= 0)
        parent = -1 if parents is None else int(parents[cluster])
        if parent >= 0 and above[parent].size == sizes[cluster]:
            # The same points one level up: what they are has not changed.
            found.append(above[parent])
            continue
        known = set() if parent < 0 else {word.text for word in above[parent].words[:_WORDS]}
        found.append(
            _named(
                cluster,
                ClusterName(
                    "",
                    "number",
                    int(sizes[cluster]),
                    words[cluster],
                    held[cluster],
                    middle,
                    _labels_of(middle, columns.label),
                ),
                known,
            )
        )
    return _unique(found)


def _words(
    labels: NDArray[np.int32], n_clusters: int, columns: NamingColumns
) -> list[tuple[Word, ...]]:
    found: list[list[Word]] = [[] for _ in range(n_clusters)]
    for column, terms in zip(columns.texts, columns.words, strict=True):
        said = distinctive_terms(terms.codes, terms.offsets, labels[columns.rows])
        for cluster, each in enumerate(said):
            found[cluster] += [
                Word(terms.names[one.code], one.weight, one.share, one.lift, column.name)
                for one in each
            ]
    return [
        tuple(sorted(each, key=lambda word: (-word.weight, word.text))[:MOST_SAID])
        for each in found
    ]


def _held(
    labels: NDArray[np.int32], n_clusters: int, categories: Sequence[Column]
) -> list[tuple[HeldMost, ...]]:
    found: list[list[HeldMost]] = [[] for _ in range(n_clusters)]
    for column in categories:
        codes, names, _ = column.categories()
        for cluster, each in enumerate(distinctive_categories(codes, labels)):
            if each:
                found[cluster].append(_most(column, names, each[0]))
    return [
        tuple(sorted(each, key=lambda one: (-one.share * one.lift, one.column)))[:MOST_SAID]
        for each in found
    ]


def _most(column: Column, names: Sequence[str], said: Said) -> HeldMost:
    return HeldMost(column.name, names[said.code], said.share, said.lift)


def _labels_of(rows: Sequence[int], label: Column | None) -> tuple[str, ...]:
    if label is None:
        return ()
    texts = [" ".join(text.split()) for text in label.text.take(rows) if text]
    short = [
        text if len(text) <= _LABEL_SIGNS else f"{text[: _LABEL_SIGNS - 1]}…" for text in texts
    ]
    return tuple(dict.fromkeys(text for text in short if text))


def _named(cluster: int, about: ClusterName, known: set[str]) -> ClusterName:
    """Return the name with its text: of words, else of a category, else of central points."""
    words = [word.text for word in about.words if word.share >= _NAMING_SHARE]
    new = [word for word in words if word not in known]
    by: NamedBy
    if words:
        # What the whole neighborhood is about does not tell this part of it.
        words = new if len(new) >= 2 else words
        by, text = "words", ", ".join(words[:_WORDS])
    elif (clear := _clear(about)) is not None:
        by, text = "category", clear.value
    elif about.labels and all(len(label.split()) <= _LABEL_WORDS for label in about.labels):
        by, text = "central", ", ".join(about.labels[:_LABELS])
    elif about.words:
        # Whole sentences are no name; words that few of its texts have say at least something.
        by, text = "words", ", ".join(word.text for word in about.words[:_WORDS])
    else:
        by, text = "number", f"cluster {cluster + 1}"
    return replace(about, text=text, by=by)


def _clear(about: ClusterName) -> HeldMost | None:
    """Return the category that a cluster is mostly of, and others are not."""
    clear = [
        each
        for each in about.categories
        if each.share >= _NAMING_CATEGORY and each.lift >= LEAST_LIFT and each.value
    ]
    return clear[0] if clear else None


def _unique(names: Sequence[ClusterName]) -> tuple[ClusterName, ...]:
    """Return names of which no two are alike: by what else is said, else by a number."""
    counts: dict[str, int] = {}
    for name in names:
        counts[name.text] = counts.get(name.text, 0) + 1
    used: set[str] = set()
    found = []
    for name in names:
        text = name.text
        if counts[text] > 1 and name.by == "category" and name.labels:
            own = [label for label in name.labels if label != text]
            text = f"{text} · {own[0]}" if own else text
        whole = unique_name(text, used)
        used.add(whole)
        found.append(replace(name, text=whole))
    return tuple(found)
