"""What commands share: options, the progress bar, and lines on standard error."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any, get_args

import click

from projector.typing import Metric


def say(message: str, about: str = "projector") -> None:
    """Write a line to standard error, if anybody reads it."""
    with contextlib.suppress(OSError):
        click.echo(f"{about}: {message}", err=True)


class SourcePath(click.Path):
    """A path that exists, a pattern of the names of parts, or an address: ``s3://bucket/runs``."""

    def __init__(self) -> None:
        super().__init__(exists=True)

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Check that a path is there; else its reader says what is missing."""
        from projector.loaders.logdir.named_parts import is_named_parts
        from projector.loaders.remote.addresses import is_address

        if is_address(value) or (isinstance(value, str) and is_named_parts(Path(value))):
            return value
        return super().convert(value, param, ctx)


class LogdirPath(SourcePath):
    """A source, perhaps with the name of its group: ``mine=runs/exp1``."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """Check that the path is there; the name stays before it."""
        from projector.api.session.grouped_logs import named_source

        super().convert(named_source(value)[1], param, ctx)
        return value


def logdirs_option(help: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add --logdir, which may be repeated; see `shown_of`."""
    return click.option(
        "--logdir", "logdirs", type=LogdirPath(), metavar="[NAME=]PATH", multiple=True, help=help
    )


def shown_of(logdirs: tuple[str, ...]) -> Any:
    """Return what is to be served: one path, several or named ones, or None for the demo data."""
    from projector.api.session.grouped_logs import named_source

    if len(logdirs) == 1 and named_source(logdirs[0])[0] is None:
        return logdirs[0]
    return logdirs or None


def source_argument(command: Callable[..., None]) -> Callable[..., None]:
    """Add SOURCE, --name, --run and --step to a command."""
    for option in (
        click.option("--step", type=int, help="Step, if SOURCE has several. Default: the last."),
        click.option("--run", help="Run, if SOURCE has several."),
        click.option("--name", help="Tensor name, if SOURCE has several."),
        click.argument("source", type=SourcePath()),
    ):
        option(command)
    return command


def dataset_argument(command: Callable[..., None]) -> Callable[..., None]:
    """Add SOURCE, --name, --run and --step to a command, and pass it the dataset as `data`."""

    @functools.wraps(command)
    def load(
        source: str, name: str | None, run: str | None, step: int | None, **options: Any
    ) -> None:
        import projector

        command(projector.load(source, name=name, run=run, step=step), **options)

    return source_argument(load)


def out_option(
    help_text: str, *, required: bool = True, is_table: bool = False, takes_folder: bool = False
) -> Callable[..., Any]:
    """Return the option for the output file, whose extension is checked before any work.

    With `takes_folder` it may also be a folder; see `is_folder`.
    """

    def checked(_context: click.Context, _option: click.Parameter, path: str | None) -> str | None:
        from projector.errors import ParameterError
        from projector.model.export import check_extension

        if path is not None and not (takes_folder and is_folder(path)):
            try:
                check_extension(PurePath(path).name, is_table=is_table)
            except ParameterError as error:
                if not takes_folder:
                    raise
                hint = f"The folder for data in parts ends with a slash: {path}/"
                raise ParameterError(f"{error} {hint}") from None
        return path

    kind = click.Path(dir_okay=takes_folder)
    return click.option(
        "--out", "-o", required=required, type=kind, callback=checked, help=help_text
    )


def is_folder(out: str) -> bool:
    """Return whether an output is a folder: it ends with a slash, or is one."""
    return out.endswith(("/", os.sep)) or os.path.isdir(out)


def metric_option(help_text: str) -> Callable[..., Any]:
    """Return the option for the metric of the original space."""
    kind = click.Choice(get_args(Metric))
    return click.option(
        "--metric", type=kind, default="euclidean", show_default=True, help=help_text
    )


class progress_bar:
    """Shows progress on standard error if it is a terminal."""

    def __enter__(self) -> Callable[[Any], None]:
        from tqdm import tqdm

        self._bar = tqdm(disable=not sys.stderr.isatty(), file=sys.stderr, leave=False)
        return self._show

    def __exit__(self, *ignored: object) -> None:
        self._bar.close()

    def _show(self, progress: Any) -> None:
        if self._bar.disable:
            return
        if self._bar.desc != f"{progress.phase}: ":
            self._bar.reset(total=progress.total or None)
            self._bar.set_description(progress.phase)
        self._bar.update(progress.done - self._bar.n)


def listed(value: Any) -> list[Any]:
    """Return a list, empty for what is none."""
    return value if isinstance(value, list) else []


def warn(messages: list[str]) -> None:
    """Write each message once to standard error."""
    for message in dict.fromkeys(messages):
        say(message)
