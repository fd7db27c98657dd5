"""`projector reduce` of data in parts, whose output is a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from projector.commands.parts import listed, progress_bar, say_problems, warn
from projector.errors import ParameterError

Command = TypeVar("Command", bound=Callable[..., Any])


def parts_options(command: Command) -> Command:
    """Add the options of data in parts to a command."""
    for option in (
        click.option(
            "--memory-limit",
            type=click.IntRange(min=1),
            metavar="BYTES",
            help="Of data in parts: bytes that one task may take. Default: 2 GiB.",
        ),
        click.option(
            "--landmarks-by",
            type=click.Choice(["random", "kmeans++"]),
            help="Of data in parts: how landmarks are drawn, at random by default.",
        ),
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            help="Of data in parts: the Dask cluster that computes it, tcp://HOST:PORT.",
        ),
        click.option(
            "--processes",
            is_flag=True,
            help="Of data in parts: compute in one process for each processor.",
        ),
    ):
        command = option(command)
    return command


def reduce_parts(
    source: str,
    column: str | None,
    method: str,
    out: str,
    params: Mapping[str, Any],
    *,
    chosen: Mapping[str, Any],
    about: Mapping[str, Any],
) -> None:
    """Project all parts of a source, and write one file of positions for each into a folder.

    Parameters
    ----------
    source : str
    column : str or None
        Of the vectors, where the parts have several.
    method, out : str
    params : mapping
        Of the method.
    chosen : mapping
        Options that choose a tensor or a series, which parts have none of.
    about : mapping
        The options of `parts_options`.
    """
    import projector

    for name, value in chosen.items():
        if value not in (None, False):
            raise ParameterError(
                f"--{name} is for the tensors of a log directory. A folder as output, {out}, is "
                "for data in parts, which is one tensor."
            )
    scheduler, processes = about["scheduler"], about["processes"]
    if scheduler is not None and processes:
        raise ParameterError("Give either --scheduler or --processes.")
    data = projector.open_parts(source, column=column)
    with progress_bar() as progress:
        found = projector.project(
            data,
            method,
            executor=scheduler or ("processes" if processes else None),
            out=out,
            landmarks_by=about["landmarks_by"],
            memory_limit=about["memory_limit"],
            progress=progress,
            **params,
        )
    warn([str(each) for each in listed(found.details.get("warnings"))])
    say_problems(data.problems)


def check_no_parts_options(about: Mapping[str, Any], out: str) -> None:
    """Refuse what is for data in parts where the output is a file."""
    for name, value in about.items():
        if value not in (None, False):
            raise ParameterError(
                f"--{name.replace('_', '-')} is for data in parts, whose positions are written "
                f"into a folder: --out {Path(out).with_suffix('').name}/"
            )
