"""Writes what projector reads for other tools: TensorBoard's projector, and Embedding Atlas."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from projector.errors import ParameterError
from projector.loaders import open_logdir
from projector.loaders.logdir.log import Log
from projector.loaders.logdir.run import Run
from projector.loaders.remote.mirrors import local_path
from projector.machine.saved_file import save_bytes
from projector.model.arguments import path_of
from projector.model.dataset import Dataset
from projector.model.export_tensorboard import (
    ConfigEntry,
    config_text,
    metadata_tsv,
    vectors_raw,
    vectors_tsv,
)
from projector.model.listing import Entry
from projector.model.sparse_rows import dense_vectors
from projector.model.training_log import folder_name
from projector.writer.event_records import first_event, hparams_event, record, scalars_event

CONFIG = "projector_config.pbtxt"
#: TensorBoard takes only folders with an event file for runs, and reads no config elsewhere.
EVENTS = "events.out.tfevents.0000000000.projector"
#: Suffixes of sprites; WebP is the other kind.
_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/bmp": ".bmp"}


@dataclass(frozen=True)
class TensorBoardExport:
    """What `export_tensorboard` wrote.

    Attributes
    ----------
    folder : Path
    configs : tuple of Path
        One for each run.
    n_tensors : int
        Tensors, each step for itself.
    warnings : tuple of str
        What TensorBoard's files cannot hold.
    """

    folder: Path
    configs: tuple[Path, ...]
    n_tensors: int
    warnings: tuple[str, ...] = field(default=(), repr=False)


def export_tensorboard(
    source: Log | str | Path,
    folder: str | Path,
    *,
    name: str | None = None,
    run: str | None = None,
    step: int | None = None,
    binary: bool = False,
) -> TensorBoardExport:
    """Write embeddings as files of TensorBoard's projector, which its own plug-in opens.

    The scalars and hyperparameters of their runs come with them, histograms do not.

    Parameters
    ----------
    source : Log, str or Path
        A log directory or a file.
    folder : str or Path
        A new or empty folder. ``tensorboard --logdir FOLDER`` shows it.
    name, run, step : optional
        Only these; by default every embedding at every step.
    binary : bool
        Vectors as raw float32, which is smaller, where TensorBoard can tell it from text.

    Returns
    -------
    TensorBoardExport

    Raises
    ------
    UnknownNameError
        There is no such embedding.
    ParameterError
        The folder has files.
    SaveError
        The disk is full, or the folder cannot be written to.

    Examples
    --------
    >>> import projector
    >>> done = projector.export_tensorboard("demo_data", "for_tensorboard", step=100)
    >>> (done.folder / "mlp-relu-16" / "projector_config.pbtxt").is_file()
    True
    """
    folder = path_of(folder, name="folder")
    log = source if isinstance(source, Log) else open_logdir(local_path(source, name="source"))
    entries = _chosen(log, name, run, step)
    if folder.is_dir() and any(folder.iterdir()):
        raise ParameterError(f"{folder} is not empty. Name a new folder, so that nothing is mixed.")
    by_run: dict[str, list[Entry]] = {}
    for entry in entries:
        by_run.setdefault(entry.run, []).append(entry)
    runs = {each.name: each for each in log.runs}
    configs: list[Path] = []
    notes: list[str] = []
    for each, inside in by_run.items():
        home = folder if each == "." else folder / each
        named = []
        for entry in inside:
            data = log.load(entry)
            written, said = _write(data, entry, home, binary=binary)
            named.append(written)
            notes += [f"{entry.run}: {entry.name}: {note}" for note in (*data.warnings, *said)]
        save_bytes(home / CONFIG, config_text(named).encode(), sync=False)
        save_bytes(home / EVENTS, _events(runs.get(each)), sync=False)
        configs.append(home / CONFIG)
    return TensorBoardExport(folder, tuple(configs), len(entries), tuple(dict.fromkeys(notes)))


def _chosen(log: Log, name: str | None, run: str | None, step: int | None) -> Sequence[Entry]:
    found = [
        entry
        for entry in log.entries
        if entry.role == "embedding"
        and name in (None, entry.name)
        and run in (None, entry.run)
        and step in (None, entry.step)
    ]
    if not found:  # which says what there is
        found = [log.find(name=name, run=run, step=step)]
    return found


def _write(
    data: Dataset, entry: Entry, home: Path, *, binary: bool
) -> tuple[ConfigEntry, list[str]]:
    """Write the files of one tensor at one step, as PyTorch lays them out."""
    vectors = dense_vectors(data.vectors, "An export to TensorBoard")
    tag = entry.name if entry.step is None else f"{entry.name}:{entry.step:05d}"
    below = "vectors" if entry.step is None else f"{entry.step:05d}"
    place = f"{below}/{folder_name(entry.name).rpartition('.')[0]}"
    notes: list[str] = []
    raw = vectors_raw(vectors) if binary else None
    tensor = f"{place}/tensors.{'tsv' if raw is None else 'bytes'}"
    save_bytes(home / tensor, vectors_tsv(vectors) if raw is None else raw, sync=False)
    table = sprite = ""
    tile = (0, 0)
    if data.metadata.columns:
        content, notes = metadata_tsv(data.metadata)
        table = _shared(home, "metadata", ".tsv", content)
    if data.sprite is not None:
        suffix = _SUFFIXES.get(data.sprite.media_type, ".webp")
        sprite, tile = _shared(home, "sprite", suffix, data.sprite.data), data.sprite.tile
    shape = (vectors.shape[0], vectors.shape[1])
    return ConfigEntry(tag, tensor, shape, table, sprite, tile), notes


def _events(run: Run | None) -> bytes:
    """Return an event file with the scalars and hyperparameters of a run."""
    began = 0.0 if run is None or run.start_time is None else run.start_time
    events = [first_event(began)]
    if run is None:
        return record(events[0])
    if run.hparams:
        events.append(hparams_event(run.hparams, run.group, began))
    for tag in run.scalar_tags:
        series = run.scalars(tag)
        for step, value, time in zip(series.steps, series.values, series.wall_times, strict=True):
            events.append(scalars_event({tag: float(value)}, int(step), float(time)))
    return b"".join(map(record, events))


def _shared(home: Path, what: str, suffix: str, content: bytes) -> str:
    """Write a file that several steps name once, and return its name."""
    name = f"{what}-{hashlib.sha256(content).hexdigest()[:16]}{suffix}"
    if not (home / name).exists():
        save_bytes(home / name, content, sync=False)
    return name
