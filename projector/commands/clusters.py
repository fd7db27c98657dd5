"""The command that finds clusters, and says what each of them is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from projector.commands.parts import dataset_argument, metric_option, out_option, progress_bar, warn

if TYPE_CHECKING:
    from projector.api.clusters.result import ClusterLevel, ClusterName, Clusters
    from projector.model.dataset import Dataset

#: Words that are printed of a cluster.
_WORDS = 3


@click.command("clusters")
@dataset_argument
@click.option(
    "--positions",
    type=click.Path(exists=True, dir_okay=False),
    help="File that reduce wrote: find clusters in this picture, not among the vectors.",
)
@metric_option("How distances in the original space are measured.")
@click.option("--n-neighbors", type=int, default=15, show_default=True, help="Neighbors per point.")
@click.option(
    "--min-samples",
    type=int,
    default=5,
    show_default=True,
    help="A point is as dense as its nearest so many points are near, itself counted.",
)
@click.option(
    "--min-cluster-size",
    type=int,
    help="Points of a cluster of the finest level at least. Default: n_points ** 0.4.",
)
@click.option("--n-levels", type=int, default=4, show_default=True, help="Levels at most.")
@click.option(
    "--n-landmarks",
    type=int,
    help="Cluster so many points; the others join them. Default: 100,000 of more than 200,000 "
    "points whose neighbor graph is not stored, else all.",
)
@click.option(
    "--text",
    "text",
    multiple=True,
    help="Column that is read for distinctive words; may be repeated. Default: all prose.",
)
@click.option("--random-state", type=int, default=0, show_default=True, help="Seed.")
@click.option(
    "--most", type=int, default=20, show_default=True, help="Clusters that are printed of a level."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@out_option(
    "Table of the clusters of every point: .parquet, .csv, …", required=False, is_table=True
)
def clusters_command(
    data: Dataset,
    positions: str | None,
    metric: str,
    n_neighbors: int,
    min_samples: int,
    min_cluster_size: int | None,
    n_levels: int,
    n_landmarks: int | None,
    text: tuple[str, ...],
    random_state: int,
    most: int,
    as_json: bool,
    out: str | None,
) -> None:
    """Find clusters of SOURCE at several levels, and name them from its metadata.

    Prints each level, the coarsest first: its clusters with their sizes, names and why they have
    these, and the share of the points in none. docs/algorithms.md says how they are found.
    """
    from pathlib import Path

    import projector
    from projector.api.saved_positions import read_positions

    with progress_bar() as progress:
        found = projector.clusters(
            data,
            space="original" if positions is None else read_positions(Path(positions)),
            metric=metric,
            n_neighbors=n_neighbors,
            min_samples=min_samples,
            min_cluster_size=min_cluster_size,
            n_levels=n_levels,
            n_landmarks=n_landmarks,
            text=text or None,
            random_state=random_state,
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2))
    else:
        _print(found, most)
    if out is not None:
        found.save(out, metadata=data.metadata)
    warn([*data.warnings, *found.warnings])


def _print(found: Clusters, most: int) -> None:
    for level in found.levels:
        click.echo(_head(level))
        for name in level.names[: max(0, most)]:
            click.echo(f"{name.size:9,}  {name.text}{_why(name)}")
        n_left = level.n_clusters - max(0, most)
        if n_left > 0:
            click.echo(f"{'':9}  and {n_left:,} more (see --most)")


def _head(level: ClusterLevel) -> str:
    n_points = len(level.labels)
    noise = f"{level.n_noise / n_points:.1%} of {n_points:,} points in none"
    if level.n_clusters == 0:
        return f"no clusters of at least {level.min_cluster_size:,} points; {noise}"
    some = "1 cluster" if level.n_clusters == 1 else f"{level.n_clusters:,} clusters"
    return f"{some} of at least {level.min_cluster_size:,} points; {noise}"


def _why(name: ClusterName) -> str:
    """Return what the name is made of: words and a category with their shares."""
    said = [f"{word.text} {word.share:.0%}" for word in name.words[:_WORDS]]
    said += [f"{held.column} = {held.value} {held.share:.0%}" for held in name.categories[:1]]
    if not said and name.by == "central":
        said = ["the points in its middle"]
    return f"  ({', '.join(said)})" if said else ""


COMMANDS = (clusters_command,)
