"""The commands about change: compare two embeddings."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import click

from projector.commands.parts import metric_option, out_option, progress_bar, warn

Command = TypeVar("Command", bound=Callable[..., Any])


def _side(letter: str) -> Callable[[Command], Command]:
    """Add the options that choose an embedding among those of one side."""

    def add(command: Command) -> Command:
        for name, kind, what in (
            ("step", int, "Step"),
            ("run", str, "Run"),
            ("name", str, "Tensor name"),
        ):
            text = f"{what} of {letter}, if it has several."
            command = click.option(f"--{name}-{letter.lower()}", type=kind, help=text)(command)
        return command

    return add


@click.command("compare")
@click.argument("a", type=click.Path(exists=True))
@click.argument("b", type=click.Path(exists=True), required=False)
@_side("B")
@_side("A")
@click.option(
    "--by",
    "match",
    default="row",
    show_default=True,
    help="How the points of B are found in A: row, label, or the name of a column.",
)
@click.option(
    "--k", "-k", type=int, default=15, show_default=True, help="Neighbors per point to compare."
)
@metric_option("How distances are measured on both sides.")
@out_option("Table of the change of every point: .parquet, .csv, …", required=False)
def compare_command(
    a: str, b: str | None, match: str, k: int, metric: str, out: str | None, **chosen: Any
) -> None:
    """Say what changed from A to B: two steps, runs or layers of the same points.

    Without B, both are in A: choose them by --step-a and --step-b. Prints how many neighbors the
    points kept, how alike the two are, and which groups moved.
    """
    import projector

    first, second = (
        projector.load(path, **{part: chosen[f"{part}_{side}"] for part in ("name", "run", "step")})
        for side, path in (("a", a), ("b", b or a))
    )
    with progress_bar() as progress:
        found = projector.compare(first, second, k, metric=metric, match=match, progress=progress)
    summary = found.summary
    click.echo(
        f"{summary.n_compared:,} points compared; {len(found.only_a):,} only in A, "
        f"{len(found.only_b):,} only in B"
    )
    for name, value, error in (
        ("neighbors kept", summary.kept, summary.kept_error),
        ("by chance", summary.chance, 0.0),
        ("unbiased linear CKA", summary.cka, summary.cka_error),
        ("Procrustes similarity", summary.procrustes, summary.procrustes_error),
        ("explained", summary.explained, 0.0),
        ("scale", summary.scale, 0.0),
    ):
        text = "withheld" if math.isnan(value) else f"{value:.4f}"
        click.echo(f"{name:24}{text:>9}" + (f" ± {error:.4f}" if error else ""))
    for name, count in summary.states.items():
        click.echo(f"{name:24}{count:9,}")
    for group in found.groups[:10]:
        click.echo(group.words)
    if out is not None:
        found.save(out, metadata=first.metadata)
    warn([*first.warnings, *second.warnings, *found.summary.warnings])


COMMANDS = (compare_command,)
