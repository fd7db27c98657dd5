"""The command line: parse, call the API, print."""

from __future__ import annotations

import json
import os
import signal
import sys
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from projector.errors import Cancelled, ParameterError, ProjectorError

if TYPE_CHECKING:
    from projector.model.parameters import Parameter


class _Group(click.Group):
    """A group whose commands end with one clear sentence, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Cancelled:
            raise SystemExit(1) from None
        except ParameterError as error:
            click.echo(f"projector: {error}", err=True)
            raise SystemExit(2) from None
        except (ProjectorError, OSError) as error:
            click.echo(f"projector: {error}", err=True)
            raise SystemExit(1) from None


@click.group(cls=_Group, invoke_without_command=True, context_settings={"max_content_width": 100})
@click.option(
    "--logdir",
    "logdirs",
    type=click.Path(exists=True),
    multiple=True,
    help="Log directory or file to show; may be repeated for several files that belong together. "
    "Without it the demo data opens.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. Another one than this machine's own asks visitors for a token.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=6006,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--open/--no-open", "open_browser", default=True, show_default=True, help="Open the browser."
)
@click.version_option(package_name="projector")
@click.pass_context
def main(
    ctx: click.Context, logdirs: tuple[str, ...], host: str, port: int, open_browser: bool
) -> None:
    """See what a model has learned: every embedding of a log directory, in the browser."""
    if ctx.invoked_subcommand is None:
        _serve(logdirs, host, port, open_browser)


def _serve(logdirs: tuple[str, ...], host: str, port: int, open_browser: bool) -> None:
    import projector

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        shown = logdirs if len(logdirs) > 1 else next(iter(logdirs), None)
        with projector.serve(shown, host=host, port=port) as server:
            click.echo(f"projector: {server.url}")
            _tell_problems(server.session.listing.problems)
            if open_browser and _has_screen():
                webbrowser.open(server.url)
            server.wait()
    except KeyboardInterrupt:
        click.echo("projector: stopped.", err=True)


def _tell_problems(problems: tuple[Any, ...]) -> None:
    if problems:
        what = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        click.echo(f"projector: {what} in the log directory; the page lists them.", err=True)


def _has_screen() -> bool:
    """Tell whether a browser can be shown: over ssh, `webbrowser` would start a text browser."""
    on_linux = sys.platform.startswith("linux")
    return not on_linux or bool({"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & os.environ.keys())


@main.command("list")
@click.argument("logdir", type=click.Path(exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
def list_command(logdir: str, as_json: bool) -> None:
    """Print every run, tensor, step, shape and problem of LOGDIR."""
    from projector.loaders import open_logdir

    log = open_logdir(logdir)
    if as_json:
        content = {
            "root": str(log.root),
            "entries": [{"id": entry.id, **asdict(entry)} for entry in log.entries],
            "problems": [asdict(problem) for problem in log.problems],
        }
        click.echo(json.dumps(content, indent=2))
        return
    rows = [("RUN", "TENSOR", "STEP", "POINTS", "DIMS", "DTYPE", "FORMAT", "WITH")]
    for entry in log.entries:
        beside = [word for word, there in _beside(entry) if there]
        step = "" if entry.step is None else str(entry.step)
        size = (f"{entry.n_points:,}", f"{entry.n_dims:,}")
        rows.append(
            (entry.run, entry.name, step, *size, entry.dtype, entry.format, ", ".join(beside))
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.rjust(width) if i in (2, 3, 4) else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())
    for problem in log.problems:
        click.echo(f"{problem.severity}: {problem.path}: {problem.message}", err=True)


def _beside(entry: Any) -> list[tuple[str, bool]]:
    return [
        ("metadata", entry.has_metadata),
        ("sprite", entry.has_sprite),
        ("optimizer slot", entry.role == "slot"),
    ]


def _source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument and the options that name one dataset."""
    for option in (
        click.option("--step", type=int, help="Step, where SOURCE holds several; the last one."),
        click.option("--run", help="Run, where SOURCE holds several."),
        click.option("--name", help="Tensor, where SOURCE holds several."),
        click.argument("source", type=click.Path(exists=True)),
    ):
        command = option(command)
    return command


class _MethodsCommand(click.Command):
    """A command with an option for every parameter of every method, from their declarations."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options written here, then those that the methods declare."""
        own = super().get_params(ctx)
        return [*own[:-1], *_method_options(), own[-1]]


def _method_options() -> list[click.Parameter]:
    from projector.api.options import parameters_of
    from projector.compute import METHODS

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
@_source_options
@click.option("--method", default="umap", show_default=True, help="pca, tsne, umap, …")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False), help="File; its suffix says how."
)
def reduce_command(
    source: str,
    name: str | None,
    run: str | None,
    step: int | None,
    method: str,
    out: str,
    **given: Any,
) -> None:
    """Give every point of SOURCE a place in 2D or 3D and write it to a file.

    OUT is a table with the metadata (.parquet .arrow .csv .tsv) or arrays alone (.npy .npz). The
    options from --n-components on are the methods' parameters.
    """
    import projector

    data = projector.load(source, name=name, run=run, step=step)
    params = {key: value for key, value in given.items() if value is not None}
    with _progress_bar() as progress:
        found = projector.project(data, method, progress=progress, **params)
    found.save(out, metadata=data.metadata)
    _warn([*data.warnings, *(str(word) for word in _listed(found.details.get("warnings")))])


@main.command("neighbors")
@_source_options
@click.option("--k", type=int, default=15, show_default=True, help="Neighbors of a point.")
@click.option(
    "--metric",
    type=click.Choice(["euclidean", "cosine", "inner_product", "manhattan"]),
    default="euclidean",
    show_default=True,
)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False), help="File; its suffix says how."
)
def neighbors_command(
    source: str,
    name: str | None,
    run: str | None,
    step: int | None,
    k: int,
    metric: str,
    out: str,
) -> None:
    """Find the nearest neighbors of every point of SOURCE and write them to a file."""
    import projector

    data = projector.load(source, name=name, run=run, step=step)
    with _progress_bar() as progress:
        found = projector.neighbors(data, k, metric=metric, progress=progress)
    found.save(out)
    _warn([*data.warnings, *found.warnings])


@main.command("quality")
@_source_options
@click.option(
    "--positions",
    required=True,
    type=click.Path(exists=True, dir_okay=False),
    help="The picture: a file that `projector reduce` wrote.",
)
@click.option("--k", type=int, default=15, show_default=True, help="Neighbors that are compared.")
@click.option(
    "--metric",
    type=click.Choice(["euclidean", "cosine", "inner_product", "manhattan"]),
    default="euclidean",
    show_default=True,
    help="Of the true distances.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False), help="Figures of every point: .parquet, .csv, …"
)
def quality_command(
    source: str,
    name: str | None,
    run: str | None,
    step: int | None,
    positions: str,
    k: int,
    metric: str,
    out: str | None,
) -> None:
    """Say how far a picture of SOURCE can be trusted, beside a PCA and a random placement."""
    from pathlib import Path

    import projector
    from projector.api.quality import FIGURES
    from projector.model.metadata import Metadata
    from projector.model.tables import read_positions, write_table

    data = projector.load(source, name=name, run=run, step=step)
    picture = read_positions(Path(positions))
    with _progress_bar() as progress:
        found = projector.quality(data, picture, k, metric=metric, progress=progress)
    means = found.scores.means()
    click.echo(f"{'figure':22}{'this':>9}" + "".join(f"{n:>9}" for n in found.baselines))
    for figure in FIGURES:
        values = [means[figure], *(found.baselines[n][figure] for n in found.baselines)]
        click.echo(f"{figure:22}" + "".join(f"{value:9.4f}" for value in values))
    if out is not None:
        columns = Metadata.from_mapping({f: getattr(found.scores, f) for f in FIGURES})
        write_table(Path(out), picture, about=found.summary(), metadata=columns)
    _warn(list(found.warnings))


@main.command("cache")
@click.option("--clear", is_flag=True, help="Remove every stored result.")
def cache_command(clear: bool) -> None:
    """Show how much is kept of what was computed, or clear it.

    PROJECTOR_CACHE_DIR moves the cache, PROJECTOR_CACHE_BYTES bounds it.
    """
    from projector.api.result_store import default_cache

    cache = default_cache()
    n_entries, n_bytes = cache.size()
    click.echo(f"{cache.folder}: {n_entries:,} results, {n_bytes / 1e6:,.1f} MB", nl=False)
    click.echo(f" of at most {cache.max_bytes / 1e6:,.0f} MB")
    if clear:
        click.echo(f"removed {cache.clear():,} results")


class _progress_bar:
    """Shows progress on standard error when that is a terminal."""

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


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _warn(messages: list[str]) -> None:
    for message in messages:
        click.echo(f"projector: {message}", err=True)
