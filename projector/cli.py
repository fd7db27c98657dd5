"""The command line: parses options, calls the API, prints."""

from __future__ import annotations

import json
import os
import sys
import traceback
import webbrowser
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from projector.commands.agents import COMMANDS as AGENTS_COMMANDS
from projector.commands.change import COMMANDS as CHANGE_COMMANDS
from projector.commands.change import check_series_options, reduce_series, series_options
from projector.commands.clusters import COMMANDS as CLUSTERS_COMMANDS
from projector.commands.export import COMMANDS as EXPORT_COMMANDS
from projector.commands.neighbors import COMMANDS as NEIGHBORS_COMMANDS
from projector.commands.parts import (
    SourcePath,
    dataset_argument,
    is_folder,
    listed,
    logdirs_option,
    metric_option,
    out_option,
    progress_bar,
    say,
    say_problems,
    shown_of,
    source_argument,
    warn,
)
from projector.commands.plugins import COMMANDS as PLUGINS_COMMANDS
from projector.commands.reduce_parts import (
    check_no_parts_options,
    parts_options,
    reduce_parts,
)
from projector.errors import Cancelled, ParameterError, ProjectorError
from projector.machine.byte_size import byte_size
from projector.machine.endings import (
    HUNG_UP,
    end_as_by_ctrl_c,
    is_hung_up,
    open_standard_streams,
    silence_output,
)
from projector.machine.shortages import machine_error
from projector.machine.thread_counts import thread_variables
from projector.plugins.entry_points import switch_off

if TYPE_CHECKING:
    from projector.model.dataset import Dataset
    from projector.model.parameters import Parameter


class _Group(click.Group):
    """A group that prints an error as one message, not as a traceback."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command line."""
        try:
            return super().main(*args, **options)
        except OSError as error:  # of what is printed before a command begins, such as --help
            _end_without_output(error)
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Cancelled:
            raise SystemExit(1) from None
        except ParameterError as error:
            say(str(error))
            raise SystemExit(2) from None
        except (ProjectorError, OSError, MemoryError) as error:
            _end_without_output(error)
            say(str(machine_error(error) or error))
            raise SystemExit(1) from None


def _end_without_output(error: Exception) -> None:
    """Exit if an error is that of writing to standard output.

    Quietly if only nobody reads it any more, as other programs do.
    """
    frames = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)]
    if not isinstance(error, OSError) or click.echo.__code__ not in frames:
        return
    if not is_hung_up(error):
        say(f"Standard output cannot be written to: {error.strerror}.")
    silence_output()
    raise SystemExit(HUNG_UP if is_hung_up(error) else 1) from None


@click.group(cls=_Group, invoke_without_command=True, context_settings={"max_content_width": 100})
@logdirs_option(
    "Log directory or file to show, or an address of one such as s3://bucket/runs. Repeat it for "
    "several: directories are groups of runs, called as their folders or by NAME; files belong "
    "together. Default: the demo data.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. If other machines can reach it, visitors need a token.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=6006,
    show_default=True,
    help="Port to listen on; 0 selects a free one.",
)
@click.option(
    "--open/--no-open",
    "open_browser",
    default=True,
    show_default=True,
    help="Open the page in the browser.",
)
@click.option(
    "--allow-host",
    "allowed_hosts",
    metavar="NAME",
    multiple=True,
    help="Answer requests to this host name as those to localhost. .example.com stands for all "
    "names below it. Repeatable.",
)
@click.option(
    "--behind-proxy",
    is_flag=True,
    help="Believe the X-Forwarded-For, -Proto, -Host, -Port and -Prefix headers of the one "
    "reverse proxy before the server.",
)
@click.option(
    "--allow-frame",
    "frame_origins",
    metavar="ORIGIN",
    multiple=True,
    help="Let pages of this origin show the page in a frame, such as https://hub.example.com. "
    "Repeatable.",
)
@click.option(
    "--public-url",
    metavar="URL",
    help="Address at which others open the page: it is printed, its host is answered, and its "
    "path is the root of the page.",
)
@click.option(
    "--read-only",
    is_flag=True,
    help="Let pages change nothing that others see: no tags, no shared selection, no files, no "
    "running computations.",
)
@click.option(
    "--token",
    envvar="PROJECTOR_TOKEN",
    metavar="TEXT",
    help="The token that visitors need, instead of a new one at each start. Better in the "
    "environment: PROJECTOR_TOKEN.",
)
@click.option(
    "--open-to-all",
    is_flag=True,
    help="Ask nobody for a token; only with --read-only, for data that anybody may see.",
)
@click.option(
    "--no-plugins",
    is_flag=True,
    help="Leave out what installed packages add to projector; see `projector plugins`.",
)
@click.option(
    "--poll-seconds",
    type=float,
    default=30,
    show_default=True,
    help="Look at an address such as s3://… again after so many seconds; 0 for never.",
)
@click.version_option(package_name="projector")
@click.pass_context
def main(ctx: click.Context, /, no_plugins: bool, **options: Any) -> None:
    """Show the embeddings of a log directory in the browser."""
    if no_plugins:
        switch_off()
    open_standard_streams()
    end_as_by_ctrl_c()
    if "numpy" not in sys.modules:  # else somebody's own process runs a command
        os.environ.update(thread_variables())
    if ctx.invoked_subcommand is None:
        _serve(**options)


def _serve(logdirs: tuple[str, ...], open_browser: bool, **options: Any) -> None:
    import projector

    try:
        with projector.serve(shown_of(logdirs), **options) as server:
            click.echo(f"projector: {server.url}")
            if open_browser and _has_screen():
                webbrowser.open(server.url)
            _print_problem_count(server.session.listing.problems)
            server.wait()
    except KeyboardInterrupt:
        say("stopped.")


def _print_problem_count(problems: tuple[Any, ...]) -> None:
    if problems:
        what = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        say(f"{what} in the log directory; see Problems in the page.")


def _has_screen() -> bool:
    """Return whether a browser can open: over ssh, `webbrowser` would start a text browser."""
    on_linux = sys.platform.startswith("linux")
    return not on_linux or bool({"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & os.environ.keys())


@main.command("list")
@click.argument("logdir", type=SourcePath())
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_command(logdir: str, as_json: bool) -> None:
    """List the embeddings of LOGDIR: run, tensor, step and shape, and problems with files."""
    from projector.loaders import open_logdir
    from projector.loaders.formats.registry import FORMATS

    log = open_logdir(logdir)
    if as_json:
        content = {
            "root": log.address if log.remote else str(log.root),
            "entries": [{"id": entry.id, **asdict(entry)} for entry in log.entries],
            "problems": [asdict(problem) for problem in log.problems],
            "plugins": [each.describe() for each in FORMATS.plugins()],
        }
        click.echo(json.dumps(content, indent=2))
        return
    rows = [("RUN", "TENSOR", "STEP", "POINTS", "DIMS", "DTYPE", "FORMAT", "WITH")]
    for entry in log.entries:
        parts = [part for part, is_there in _companions(entry) if is_there]
        parts += [f"{entry.n_parts:,} parts"] if entry.n_parts > 1 else []
        step = "" if entry.step is None else str(entry.step)
        size = (f"{entry.n_points:,}", f"{entry.n_dims:,}")
        rows.append(
            (entry.run, entry.name, step, *size, entry.dtype, entry.format, ", ".join(parts))
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.rjust(width) if i in (2, 3, 4) else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())
    say_problems(log.problems)


def _companions(entry: Any) -> list[tuple[str, bool]]:
    return [
        ("metadata", entry.has_metadata),
        ("sprite", entry.has_sprite),
        ("optimizer slot", entry.role == "slot"),
    ]


class _MethodsCommand(click.Command):
    """A command with an option for every parameter of every method, from their declarations."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own options, then those of the methods."""
        own = super().get_params(ctx)
        return [*own[:-1], *_method_options(), own[-1]]


def _method_options() -> list[click.Parameter]:
    from projector.api.methods import METHODS
    from projector.api.options import parameters_of

    declared: dict[str, dict[str, Parameter]] = {}
    for method in METHODS.values():
        for parameter in parameters_of(method):
            declared.setdefault(parameter.name, {})[method.name] = parameter
    options: list[click.Parameter] = []
    for name, uses in declared.items():
        choices = list(dict.fromkeys(each for p in uses.values() for each in p.choices))
        options.append(
            click.Option(
                [f"--{name.replace('_', '-')}", name],
                metavar=None if choices else next(iter(uses.values())).kind.upper(),
                type=click.Choice(choices) if choices else str,
                help=_help_of(uses, n_methods=len(METHODS)),
            )
        )
    return options


def _help_of(uses: Mapping[str, Parameter], *, n_methods: int) -> str:
    """Return the help and the defaults of one name: once where all methods agree on them."""
    texts = _by_text({method: p.help for method, p in uses.items()})
    defaults = _by_text({method: p.shown(p.default) for method, p in uses.items()})
    if len(texts) == 1:
        text = next(iter(texts))
    else:
        text = " ".join(f"{', '.join(methods)}: {each}" for each, methods in texts.items())
    if len(defaults) > 1:
        shown = ", ".join(f"{each} ({', '.join(them)})" for each, them in defaults.items())
        return f"{text}  [default: {shown}]"
    default, methods = next(iter(defaults.items()))
    only = "" if len(methods) == n_methods else f"{', '.join(methods)}; "
    return f"{text}  [{only}default: {default}]"


def _by_text(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the methods that have each text."""
    found: dict[str, list[str]] = {}
    for method, text in texts.items():
        found.setdefault(text, []).append(method)
    return found


@main.command("reduce", cls=_MethodsCommand)
@source_argument
@series_options
@parts_options
@click.option("--method", default="umap", show_default=True, help="Method: pca, tsne, umap, …")
@out_option(
    "Output file; the extension selects the format. Or a folder, DIR/, for data in parts.",
    takes_folder=True,
)
def reduce_command(
    source: str,
    name: str | None,
    run: str | None,
    step: int | None,
    series: bool,
    tether: float | None,
    match: str | None,
    every: int | None,
    method: str,
    out: str,
    scheduler: str | None,
    processes: bool,
    landmarks_by: str | None,
    memory_limit: int | None,
    **given: Any,
) -> None:
    """Compute a projection of SOURCE and write it to a file.

    OUT is a table with the metadata (.parquet .arrow .csv .tsv) or arrays alone (.npy .npz). In
    .csv and .tsv, text that a spreadsheet would run as a formula begins with an apostrophe, which
    projector takes away when it reads the file. The options from --n-components on are parameters
    of the methods. With --series all steps of the tensor are laid out together, in one file.

    With a folder as OUT, SOURCE may be larger than memory: a pattern such as 'dir/*.parquet', or a
    folder of parts. Each part becomes a table of positions there, and the same command again goes
    on where it was interrupted.
    """
    import projector

    params = {key: value for key, value in given.items() if value is not None}
    about_series: dict[str, float | str | None] = {"tether": tether, "by": match, "every": every}
    check_series_options(series=series, step=step, given=about_series)
    about_parts: dict[str, Any] = {
        "scheduler": scheduler,
        "processes": processes,
        "landmarks_by": landmarks_by,
        "memory_limit": memory_limit,
    }
    if is_folder(out):
        chosen = {"run": run, "step": step, "series": series}
        reduce_parts(source, name, method, out, params, chosen=chosen, about=about_parts)
        return
    check_no_parts_options(about_parts, out)
    if series:
        reduce_series(source, name, run, (method, tether, match, every), out, params)
        return
    data = projector.load(source, name=name, run=run, step=step)
    with progress_bar() as progress:
        found = projector.project(data, method, progress=progress, **params)
    found.save(out, metadata=data.metadata)
    warn([*data.warnings, *(str(each) for each in listed(found.details.get("warnings")))])


@main.command("quality")
@dataset_argument
@click.option(
    "--positions",
    required=True,
    type=click.Path(exists=True, dir_okay=False),
    help="The projection: a file written by `projector reduce`.",
)
@click.option(
    "--k", "-k", type=int, default=15, show_default=True, help="Neighbors per point to compare."
)
@metric_option("How distances in the original space are measured.")
@out_option("Output file for the scores of every point: .parquet, .csv, …", required=False)
def quality_command(data: Dataset, positions: str, k: int, metric: str, out: str | None) -> None:
    """Measure how faithfully a projection keeps the neighborhoods of SOURCE.

    Prints the mean of each score, compared with a PCA and with random positions; 1 is perfect.
    """
    from pathlib import Path

    import projector
    from projector.api.quality import SCORES, save_scores
    from projector.api.saved_positions import read_positions

    placed = read_positions(Path(positions))
    with progress_bar() as progress:
        found = projector.quality(data, placed, k, metric=metric, progress=progress)
    means = found.scores.means()
    click.echo(f"{'score':22}{'this':>9}" + "".join(f"{n:>9}" for n in found.baselines))
    for score in SCORES:
        values = [means[score], *(found.baselines[n][score] for n in found.baselines)]
        click.echo(f"{score:22}" + "".join(f"{value:9.4f}" for value in values))
    if out is not None:
        save_scores(Path(out), placed, found)
    warn(list(found.warnings))


@main.command("cache")
@click.option("--clear", is_flag=True, help="Delete all stored results.")
def cache_command(clear: bool) -> None:
    """Show the size of the cache of results, and what killed processes left behind, or clear it.

    The environment variable PROJECTOR_CACHE_DIR sets its folder, and PROJECTOR_CACHE_BYTES its
    maximum size. PROJECTOR_REMOTE_CACHE_BYTES sets how much of remote log directories is kept.
    """
    from projector.api.leftovers import find_leftovers, sweep
    from projector.api.result_store import default_cache
    from projector.loaders.remote.block_cache import default_block_cache

    cache, blocks = default_cache(), default_block_cache()
    n_entries, n_bytes = cache.size()
    size = f"{byte_size(n_bytes)} of at most {byte_size(cache.max_bytes)}"
    click.echo(f"{cache.folder}: {_results(n_entries)}, {size}")
    if cache.trouble():
        say(cache.trouble())
    n_objects, n_bytes = blocks.size()
    size = f"{byte_size(n_bytes)} of at most {byte_size(blocks.max_bytes)}"
    click.echo(f"{blocks.folder}: {_counted(n_objects, 'remote object')} in part, {size}")
    left = find_leftovers(cache)
    if left.n_folders or left.n_parts:
        click.echo(
            f"Left behind by killed processes: {_counted(left.n_folders, 'temporary folder')} and "
            f"{_counted(left.n_parts, 'unfinished result')}, {byte_size(left.n_bytes)}. The "
            "next start of a server removes them."
        )
    if clear:
        click.echo(f"Deleted {_results(cache.clear())}.")
        if n_objects:
            click.echo(f"Deleted what was kept of {_counted(blocks.clear(), 'remote object')}.")
        sweep(cache)
        if left.n_folders or left.n_parts:
            click.echo("Deleted what was left behind.")


def _results(count: int) -> str:
    return _counted(count, "result")


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


for _command in (
    *CHANGE_COMMANDS,
    *CLUSTERS_COMMANDS,
    *EXPORT_COMMANDS,
    *NEIGHBORS_COMMANDS,
    *PLUGINS_COMMANDS,
    *AGENTS_COMMANDS,
):
    main.add_command(_command)
