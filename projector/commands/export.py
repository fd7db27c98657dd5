"""The command that writes files of other tools."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any

import click

from projector.commands.parts import metric_option, progress_bar, source_argument, warn


@click.command("export")
@source_argument
@click.option(
    "--to",
    "target",
    type=click.Choice(["tensorboard", "atlas"]),
    required=True,
    help="TensorBoard's projector files, or Embedding Atlas's table.",
)
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(),
    help="tensorboard: a new folder. atlas: a .parquet file.",
)
@click.option("--binary", is_flag=True, help="tensorboard: vectors as raw float32, not as text.")
@click.option("--method", default="umap", show_default=True, help="atlas: method of the positions.")
@click.option(
    "--positions",
    type=click.Path(exists=True, dir_okay=False),
    help="atlas: positions in a file written by `projector reduce`, in place of --method.",
)
@click.option(
    "--k", "-k", type=int, default=15, show_default=True, help="atlas: neighbors a point."
)
@metric_option("atlas: how the distances of neighbors are measured.")
def export_command(
    source: str,
    name: str | None,
    run: str | None,
    step: int | None,
    target: str,
    out: str,
    binary: bool,
    **atlas: Any,
) -> None:
    """Write embeddings of SOURCE for another tool.

    To TensorBoard: every embedding at every step, or those that are chosen, with metadata and
    images; `tensorboard --logdir OUT` shows them. To Embedding Atlas: one embedding, projected,
    with its metadata and true neighbors; `embedding-atlas OUT --x x --y y --neighbors neighbors`
    shows it.
    """
    from projector.model.export import NESTED

    if target == "tensorboard":
        _to_tensorboard(source, out, {"name": name, "run": run, "step": step}, binary=binary)
    elif PurePath(out).suffix.lower() not in NESTED:
        raise click.UsageError(f"--out must end in one of {', '.join(NESTED)} for atlas: {out}")
    else:
        _to_atlas(source, out, {"name": name, "run": run, "step": step}, **atlas)


def _to_tensorboard(source: str, out: str, chosen: dict[str, Any], *, binary: bool) -> None:
    import projector

    done = projector.export_tensorboard(source, out, binary=binary, **chosen)
    tensors = "1 tensor" if done.n_tensors == 1 else f"{done.n_tensors:,} tensors"
    runs = "1 run" if len(done.configs) == 1 else f"{len(done.configs):,} runs"
    click.echo(f"{tensors} of {runs}. Show them with: tensorboard --logdir {done.folder}")
    warn(list(done.warnings))


def _to_atlas(
    source: str,
    out: str,
    chosen: dict[str, Any],
    method: str,
    positions: str | None,
    k: int,
    metric: Any,
) -> None:
    import projector
    from projector.api.saved_positions import read_positions

    data = projector.load(source, **chosen)
    with progress_bar() as progress:
        near = projector.neighbors(data, k, metric=metric, progress=progress)
        if positions is not None:
            placed = projector.Projection(read_positions(Path(positions)), "given", {})
        else:
            placed = projector.project(data, method, n_components=2, progress=progress)
    placed.save(out, metadata=data.metadata, neighbors=near)
    click.echo(
        f"{data.n_points:,} points. Show them with: embedding-atlas {out} --x x --y y "
        "--neighbors neighbors"
    )
    warn([*data.warnings, *near.warnings])


COMMANDS = (export_command,)
