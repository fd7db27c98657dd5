"""The tools: what an agent can ask of one log directory. Each answers with plain JSON values.

A tool's docstring is what the agent reads of it, and its arguments are what may be given.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import numpy as np
from pydantic import Field

import projector.api.nearest as nearest_points
from projector.agents.picture import Picture, draw
from projector.api.change.compare import compare as compare_data
from projector.api.change.health import health as health_of
from projector.api.clusters.clusters import clusters as find_clusters
from projector.api.project import project as project_data
from projector.api.table.first_columns import color_column, label_column
from projector.errors import ParameterError
from projector.model.dataset import Dataset
from projector.model.listing import Entry
from projector.model.metadata import Column
from projector.server.responses import plain
from projector.server.server import Server
from projector.typing import AnyArray

Answer: TypeAlias = dict[str, Any]

Run: TypeAlias = Annotated[str | None, Field(description="The run; by default the first listed.")]
Name: TypeAlias = Annotated[str | None, Field(description="The tensor; by default the first.")]
Step: TypeAlias = Annotated[
    int | None, Field(description="The training step; by default the last.")
]
Metric: TypeAlias = Annotated[
    str, Field(description="euclidean, cosine, correlation, manhattan, … of the original space.")
]
K: TypeAlias = Annotated[int, Field(description="How many neighbors.", ge=1, le=1000)]

#: Points whose positions or metadata are sent at most; an agent has to read them.
_MOST_POINTS = 200
_MOST_NAMES = 30
_MOST_TEXT = 200


class Tools:
    """The tools on what a server shows. All of them may be called from any thread.

    Parameters
    ----------
    server : Server
        Open pages are those of this server: they see what `select` selects.
    """

    def __init__(self, server: Server) -> None:
        self._server = server

    def list_embeddings(
        self, most: Annotated[int, Field(description="How many at most.", ge=1)] = 100
    ) -> Answer:
        """List the embeddings: run, tensor, steps, size, columns of metadata; and problems.

        `page` is the address at which a person sees them.
        """
        listing = self._server.session.listing
        tensors: dict[tuple[str, str], list[Entry]] = {}
        for entry in listing.entries:
            tensors.setdefault((entry.run, entry.name), []).append(entry)
        shown = list(tensors.values())[:most]
        return {
            "root": str(listing.root),
            "page": self._server.url,
            "embeddings": [_tensor(entries) for entries in shown],
            "n_not_listed": len(tensors) - len(shown),
            "problems": [f"{each.path}: {each.message}" for each in listing.problems][:_MOST_NAMES],
        }

    def project(
        self,
        method: Annotated[str, Field(description="pca, tsne, umap, …")] = "umap",
        run: Run = None,
        name: Name = None,
        step: Step = None,
        params: Annotated[
            dict[str, Any] | None,
            Field(description="Parameters of the method: n_components, n_neighbors, metric, …"),
        ] = None,
        rows: Annotated[
            list[int] | None, Field(description="Points whose positions to return.")
        ] = None,
    ) -> Answer:
        """Compute a projection of all points, or take the stored one; `screenshot` draws it.

        Answers its parameters, details and warnings, and the positions of the given rows.
        """
        entry, data = self._open(run, name, step)
        made = project_data(data, method, **(params or {}))
        chosen = _checked(rows or [], data)
        return {
            **_place(entry),
            "method": made.method,
            "params": made.params,
            "details": plain(made.details),
            "positions": {row: plain(made.positions[row].tolist()) for row in chosen},
        }

    def neighbors(
        self,
        point: Annotated[int, Field(description="A row of the dataset, from 0.", ge=0)],
        run: Run = None,
        name: Name = None,
        step: Step = None,
        k: K = 10,
        metric: Metric = "euclidean",
    ) -> Answer:
        """Find the true nearest neighbors of one point, in the original space, with metadata."""
        entry, data = self._open(run, name, step)
        _checked([point], data)
        found = nearest_points.nearest(data, point, k, metric=metric)
        return {
            **_place(entry),
            "point": _point(data, point),
            "metric": metric,
            "neighbors": _found(data, found.indices, found.distances),
            "warnings": [*found.warnings],
        }

    def nearest(
        self,
        query: Annotated[
            str | list[int] | list[float],
            Field(
                description="Labels with signs, such as 'king - man + woman'; rows, of which the "
                "centroid is taken; or a vector of as many numbers as there are dimensions."
            ),
        ],
        run: Run = None,
        name: Name = None,
        step: Step = None,
        k: K = 10,
        metric: Metric = "cosine",
        column: Annotated[
            str | None, Field(description="The column with the labels; found by itself.")
        ] = None,
    ) -> Answer:
        """Find the points nearest to an expression of labels, to several points, or to a vector."""
        entry, data = self._open(run, name, step)
        asked: Any = query
        found = nearest_points.nearest(data, asked, k, metric=metric, column=column)
        return {
            **_place(entry),
            "metric": metric,
            "nearest": _found(data, found.indices, found.distances),
            "warnings": [*found.warnings],
        }

    def compare(
        self,
        run: Run = None,
        name: Name = None,
        step: Step = None,
        other_run: Run = None,
        other_name: Name = None,
        other_step: Step = None,
        k: K = 15,
        metric: Metric = "euclidean",
        match: Annotated[
            str, Field(description="How points are found again: row, label, or a column.")
        ] = "row",
    ) -> Answer:
        """Say what changed between two embeddings of the same points: two steps, runs or layers.

        `kept` is the share of its neighbors that a point keeps, `shift` how far it moved, in sizes
        of the cloud. The points that kept least come first in `changed`.
        """
        first, a = self._open(run, name, step)
        second, b = self._open(other_run or first.run, other_name or first.name, other_step)
        if first.id == second.id:
            raise ParameterError(
                "Both sides are the same embedding. Give another run, name or step."
            )
        found = compare_data(a, b, k, metric=metric, match=match)
        kept, shift = found.kept, found.shift
        least = np.argsort(np.where(np.isnan(kept), np.inf, kept), kind="stable")[:_MOST_NAMES]
        return {
            "from": _place(first),
            "to": _place(second),
            "summary": plain(found.summary.as_json()),
            "changed": [
                {
                    **_point(a, row),
                    "kept": plain(float(kept[row])),
                    "shift": plain(float(shift[row])),
                }
                for row in least.tolist()
                if np.isfinite(kept[row])
            ],
            "warnings": [*found.warnings],
        }

    def health(
        self,
        run: Run = None,
        name: Name = None,
        step: Step = None,
        labels: Annotated[str | None, Field(description="A column of classes.")] = None,
    ) -> Answer:
        """Measure how healthy an embedding is: collapse, dead dimensions, hubs, duplicates.

        `alarms` are figures beyond their limits, each with a sentence.
        """
        entry, data = self._open(run, name, step)
        found: Any = plain(health_of(data, labels).as_json())
        return {**_place(entry), **found, "step": entry.step}

    def clusters(
        self,
        run: Run = None,
        name: Name = None,
        step: Step = None,
        text: Annotated[
            str | None, Field(description="The column that is read for distinctive words.")
        ] = None,
        min_cluster_size: Annotated[int | None, Field(description="Points at least.")] = None,
    ) -> Answer:
        """Find clusters at several levels, coarse first, each with a name from the data and why."""
        entry, data = self._open(run, name, step)
        found = find_clusters(data, text=text, min_cluster_size=min_cluster_size)
        levels = [
            {
                "n_clusters": level.n_clusters,
                "n_noise": level.n_noise,
                "clusters": [plain(each.as_json()) for each in level.names[:_MOST_NAMES]],
            }
            for level in found.levels
        ]
        return {**_place(entry), "levels": levels, "warnings": [*found.warnings]}

    def selection(self) -> Answer:
        """Return what the person has selected in the page, with metadata."""
        now = self._server.session.selection.now()
        rows = now.selection.indices.tolist()
        about: Answer = {"n_selected": len(rows), "rows": rows[:_MOST_POINTS]}
        if rows:
            data = self._server.session.dataset(now.dataset_id).data
            about["points"] = [_point(data, row) for row in rows[:_MOST_NAMES]]
        return {
            "run": now.selection.run,
            "name": now.selection.name,
            "step": now.selection.step,
            **about,
        }

    def select(
        self,
        rows: Annotated[list[int], Field(description="Rows of the dataset; none clears it.")],
        run: Run = None,
        name: Name = None,
        step: Step = None,
    ) -> Answer:
        """Select points in the pages that are open; the person can undo it."""
        made = self._server.select(rows, run=run, name=name, step=step)
        return {"run": made.run, "name": made.name, "step": made.step, "n_selected": len(made)}

    def screenshot(
        self,
        method: Annotated[str, Field(description="pca, tsne, umap, …")] = "pca",
        run: Run = None,
        name: Name = None,
        step: Step = None,
        params: Annotated[
            dict[str, Any] | None, Field(description="Parameters of the method.")
        ] = None,
        color_by: Annotated[
            str | None, Field(description="A column; by default the one that colors best.")
        ] = None,
        width: Annotated[int, Field(description="In pixels, 200 to 2000.")] = 900,
        height: Annotated[int, Field(description="In pixels, 200 to 2000.")] = 700,
    ) -> tuple[Answer, Picture]:
        """Draw a still picture of a projection: all points, colored by a column, with a legend.

        It is drawn without a browser, and is not the page: no labels, images or camera.
        """
        entry, data = self._open(run, name, step)
        made = project_data(data, method, **{"n_components": 2, **(params or {})})
        column = _color(data, color_by)
        now = self._server.session.selection.now()
        selected = now.selection.indices if now.dataset_id == entry.id else None
        picture = draw(made.positions, column, selected, width=width, height=height)
        about = {
            **_place(entry),
            "method": made.method,
            "color_by": None if column is None else column.name,
            "legend": picture.legend,
            "n_drawn": picture.n_drawn,
            "n_points": data.n_points,
            "n_selected": 0 if selected is None else len(selected),
        }
        return about, picture

    def _open(self, run: str | None, name: str | None, step: int | None) -> tuple[Entry, Dataset]:
        entry = self._server.find(run=run, name=name, step=step)
        return entry, self._server.session.dataset(entry.id).data


def _tensor(entries: Sequence[Entry]) -> Answer:
    last = entries[-1]
    return {
        "run": last.run,
        "name": last.name,
        "steps": [each.step for each in entries if each.step is not None],
        "n_points": last.n_points,
        "n_dims": last.n_dims,
        "dtype": last.dtype,
        "format": last.format,
        "has_metadata": last.has_metadata,
    }


def _place(entry: Entry) -> Answer:
    return {"run": entry.run, "name": entry.name, "step": entry.step, "n_points": entry.n_points}


def _point(data: Dataset, row: int) -> Answer:
    number = label_column(data)
    columns = data.metadata.columns
    first = [] if number is None else [columns[number]]
    others = [each for at, each in enumerate(columns) if at != number][:7]
    values = {each.name: each.text[row] for each in [*first, *others]}
    return {
        "row": row,
        "metadata": {name: text[:_MOST_TEXT] for name, text in values.items() if text is not None},
    }


def _found(data: Dataset, indices: AnyArray, distances: AnyArray) -> list[Answer]:
    pairs = zip(indices.tolist(), distances.tolist(), strict=True)
    return [{**_point(data, row), "distance": plain(distance)} for row, distance in pairs]


def _checked(rows: Sequence[int], data: Dataset) -> list[int]:
    wrong = [row for row in rows if not 0 <= row < data.n_points]
    if wrong:
        raise ParameterError(f"Rows are 0 to {data.n_points - 1:,}. Got {wrong[0]}.")
    if len(rows) > _MOST_POINTS:
        raise ParameterError(f"Give at most {_MOST_POINTS} rows. Got {len(rows):,}.")
    return list(rows)


def _color(data: Dataset, name: str | None) -> Column | None:
    if name is not None:
        return data.metadata[name]
    number = color_column(data)
    return None if number is None else data.metadata.columns[number]
