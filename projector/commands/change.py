"""The commands about change: compare two embeddings, and the health of all steps."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from projector.commands.parts import (
    SourcePath,
    metric_option,
    out_option,
    progress_bar,
    say,
    warn,
)
from projector.errors import ParameterError

if TYPE_CHECKING:
    from projector.api.change.health import HealthSeries

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
@click.argument("a", type=SourcePath())
@click.argument("b", type=SourcePath(), required=False)
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
@out_option("Table of the change of every point: .parquet, .csv, …", required=False, is_table=True)
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
    ):
        text = "withheld" if math.isnan(value) else f"{value:.4f}"
        click.echo(f"{name:24}{text:>9}" + (f" ± {error:.4f}" if error else ""))
    click.echo(f"{'scale':24}{summary.scale:9.5g}")  # of any order of magnitude
    for name, count in summary.states.items():
        click.echo(f"{name:24}{count:9,}")
    for group in found.groups[:10]:
        click.echo(group.words)
    if out is not None:
        found.save(out, metadata=first.metadata)
    warn([*first.warnings, *second.warnings, *found.summary.warnings])


@click.command("health")
@click.argument("logdir", type=SourcePath())
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
            say(f"{_place(series, alarm.step)}: {alarm.message}", "alarm")
    places = ((series, each) for series in found for each in series.reports)
    warn(
        [
            f"{_place(series, each.step)}: {w}"
            for series, each in places
            for w in each.health.warnings
        ]
    )
    if strict and alarms:
        raise SystemExit(1)


def _place(series: HealthSeries, step: int | None) -> str:
    at = "" if step is None else f", step {step}"
    return f"{series.run}: {series.name}{at}"


def series_options(command: Command) -> Command:
    """Add the options of laying out a whole series to a command."""
    for option in (
        click.option(
            "--every", type=int, help="With --series: every m-th step, counted from the last."
        ),
        click.option(
            "--by",
            "match",
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


def check_series_options(
    *, series: bool, step: int | None, given: dict[str, float | str | None]
) -> None:
    """Raise ParameterError if options are given that do not go together."""
    if series and step is not None:
        raise ParameterError("--series takes all steps; leave out --step.")
    alone = [f"--{name}" for name, value in given.items() if value is not None]
    if alone and not series:
        raise ParameterError(
            f"{alone[0]} is about a series of steps. Add --series or leave it out."
        )


def reduce_series(
    source: str,
    name: str | None,
    run: str | None,
    how: tuple[str, float | None, str | None, int | None],
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
            match="row" if match is None else match,
            every=1 if every is None else every,
            log=log,
            progress=progress,
            **params,
        )
    found.save(out)
    steps = "1 step" if len(found) == 1 else f"{len(found):,} steps"
    click.echo(f"{steps} of {first.run}: {first.name}. {found.line}")
    warn([*found.warnings])


COMMANDS = (compare_command, health_command)
