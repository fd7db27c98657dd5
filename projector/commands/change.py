"""The commands about change: compare two embeddings, and the health of all steps."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, TypeVar

import click

from projector.commands.parts import metric_option, out_option, progress_bar, say, warn

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
    one, other = ((e.run, e.name, e.step) for e in (first.embedding, second.embedding))
    if b is None and one == other:
        step = "" if one[2] is None else f" at step {one[2]:,}"
        raise click.UsageError(
            f"A and B are both {one[1]!r} of the run {one[0]!r}{step}. Give B, or choose two steps "
            "by --step-a and --step-b, or two runs by --run-a and --run-b."
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


@click.command("health")
@click.argument("logdir", type=click.Path(exists=True))
@click.option("--run", help="Only this run.")
@click.option("--name", help="Only the tensor of this name.")
@click.option("--labels", help="Metadata column with the classes, for the figures of labels.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--strict", is_flag=True, help="Exit with 1 if there is an alarm.")
def health_command(
    logdir: str, run: str | None, name: str | None, labels: str | None, as_json: bool, strict: bool
) -> None:
    """Measure how healthy the embeddings of LOGDIR are, at each of their steps.

    Prints every figure by step, and the alarms: dead dimensions, collapse, hubs, duplicates and
    what changed at once from one step to the next. docs/algorithms.md has the formulas.
    """
    import projector
    from projector.api.change.health import all_health_series
    from projector.compute.health.figures import FIGURES

    log = projector.open_logdir(logdir)
    with progress_bar() as progress:
        found = all_health_series(log, run=run, name=name, labels=labels, progress=progress)
    alarms = [alarm for each in found for alarm in each.alarms]
    if as_json:
        content = {
            "root": str(log.root),
            "series": [each.as_json() for each in found],
            "n_alarms": len(alarms),
        }
        click.echo(json.dumps(content, indent=2))
    for series in () if as_json else found:
        click.echo(f"{series.run}: {series.name}")
        steps = "".join(f"{'' if step is None else step:>10}" for step in series.steps)
        click.echo(f"  {'step':32}{steps}")
        for figure in FIGURES:
            values = series.figure(figure.name)
            if any(value == value for value in values):
                cells = "".join(f"{value:10.4g}" for value in values)
                click.echo(f"  {figure.title:32}{cells}")
    for series in found:
        for alarm in series.alarms:
            at = "" if alarm.step is None else f", step {alarm.step}"
            say(f"{series.run}: {series.name}{at}: {alarm.message}", "alarm")
    if strict and alarms:
        raise SystemExit(1)


def series_options(command: Command) -> Command:
    """Add the options of laying out a whole series to a command."""
    for option in (
        click.option(
            "--every",
            type=int,
            default=1,
            help="With --series: every m-th step.",
        ),
        click.option(
            "--by",
            "match",
            default="row",
            help="With --series: how points are found again: row, label, or a column.",
        ),
        click.option(
            "--tether",
            type=float,
            help="With --series: how strongly unchanged points are held. 0 lays out each step "
            "alone.",
        ),
        click.option(
            "--series", is_flag=True, help="Lay out all steps together, so that still points stay."
        ),
    ):
        command = option(command)
    return command


def reduce_series(
    source: str,
    name: str | None,
    run: str | None,
    how: tuple[str, float | None, str, int],
    out: str,
    params: dict[str, Any],
) -> None:
    """Lay out all steps of one tensor, write them to one file, and say what motion means."""
    import projector
    from projector.loaders.logdir.load import check_any
    from projector.model.listing import steps_of

    log = projector.open_logdir(source)
    check_any(log)
    first = log.find(name=name, run=run)
    method, tether, match, every = how
    with progress_bar() as progress:
        found = projector.project_series(
            steps_of(log.entries, first.run, first.name),
            method,
            tether=tether,
            match=match,
            every=every,
            log=log,
            progress=progress,
            **params,
        )
    found.save(out)
    click.echo(f"{len(found):,} steps of {first.run}: {first.name}. {found.line}")
    warn([*found.warnings])


COMMANDS = (compare_command, health_command)
