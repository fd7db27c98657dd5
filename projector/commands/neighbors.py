"""The command about neighbors: of all points, or of some points among all that are in parts."""

from __future__ import annotations

import re
from pathlib import Path

import click

from projector.commands.parts import (
    metric_option,
    out_option,
    progress_bar,
    say,
    say_problems,
    source_argument,
    warn,
)
from projector.errors import ParameterError

_RANGE = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?")
_MOST_ROWS = 1_000_000


@click.command("neighbors")
@source_argument
@click.option("--k", "-k", type=int, default=15, show_default=True, help="Neighbors per point.")
@metric_option("How distances are measured.")
@click.option(
    "--rows",
    metavar="ROWS",
    help="Only the neighbors of these points, such as 3,17-20, among all points of a pattern or "
    "folder of parts: exact, one part after the other.",
)
@out_option("Output file; the extension selects the format.")
def neighbors_command(
    source: str,
    name: str | None,
    run: str | None,
    step: int | None,
    k: int,
    metric: str,
    rows: str | None,
    out: str,
) -> None:
    """Find the nearest neighbors of every point of SOURCE and write them to a file.

    OUT is a table with one row per pair (.parquet .arrow .csv .tsv) or arrays (.npy .npz).
    """
    import projector

    if rows is not None:
        if run is not None or step is not None:
            raise ParameterError("--rows is for data in parts, which has no runs and steps.")
        _of_rows(source, name, k, metric, rows, out)
        return
    data = projector.load(source, name=name, run=run, step=step)
    with progress_bar() as progress:
        found = projector.neighbors(data, k, metric=metric, progress=progress)
    found.save(out)
    warn([*data.warnings, *found.warnings])


def _of_rows(source: str, name: str | None, k: int, metric: str, rows: str, out: str) -> None:
    import projector
    from projector.machine.saved_file import save_bytes
    from projector.model.export import neighbors_bytes

    data = projector.open_parts(source, column=name)
    chosen = parse_rows(rows, data.n_points)
    with progress_bar() as progress:
        found = projector.partitioned_neighbors(
            data, k, rows=chosen, metric=metric, progress=progress
        )
    about = {"metric": metric, "exact": True, "n_points": data.n_points, "k": k}
    content = neighbors_bytes(out, found.indices, found.distances, about=about, rows=chosen)
    save_bytes(Path(out), content)
    warn(list(data.warnings))
    say_problems(data.problems)
    n_left_out = found.details.get("n_left_out")
    if n_left_out:
        say(f"{n_left_out:,} points have NaN or infinity and are nobody's neighbors.")


def parse_rows(text: str, n_points: int) -> list[int]:
    """Return the rows that a text such as ``"3,17-20"`` names, in its order.

    Raises
    ------
    ParameterError
        It is no such text, a row does not exist, or there are more than a million.
    """
    found: list[int] = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last < n_points:
            raise ParameterError(
                f"--rows: {part.strip()!r} is no row and no range of rows from 0 to "
                f"{n_points - 1:,}. Write 3 or 17-20, with commas between."
            )
        if len(found) + last - first >= _MOST_ROWS:
            raise ParameterError(f"--rows: at most {_MOST_ROWS:,} rows can be given.")
        found += range(first, last + 1)
    return found


COMMANDS = (neighbors_command,)
