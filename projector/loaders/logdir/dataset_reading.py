"""Reads a dataset: a tensor with its metadata and sprite."""

from __future__ import annotations

from pathlib import Path

from projector.errors import DataError, LoadError, ProjectorError
from projector.loaders.base import UNEXPECTED_ERRORS, Loaded, unexpected_error
from projector.loaders.companions.metadata_tsv import read_metadata
from projector.loaders.companions.sprites import read_sprite
from projector.loaders.formats.tensorflow.events import is_event_file
from projector.loaders.logdir.relisting import is_as_listed, relisted
from projector.loaders.logdir.sources import Source
from projector.loaders.safe_files import read_all
from projector.loaders.versions import attempts
from projector.model.dataset import Dataset
from projector.model.metadata import Metadata
from projector.model.sprite import Sprite

_MAX_SPRITE = 1 << 28
#: Seconds for which files that change are read again.
_PATIENCE = 5.0
#: Vectors with more numbers are not searched for NaN when they are loaded: it would read all of
#: a file, and every projection checks its rows again.
_MAX_CHECKED = 1 << 24
_LISTED_ROWS = 8


def read_source(source: Source) -> Dataset:
    """Read the dataset that a source stands for, without its tags.

    Companions that cannot be read cost a warning, not the dataset. All files are of one moment: if
    one of them changed since it was listed, or changes meanwhile, they are read again.

    Raises
    ------
    FileChangedError
        They are being written all the time.
    LoadError
        The tensor cannot be read.
    """
    grows = is_event_file(source.file.name)
    is_changing = not _is_as_listed(source)
    for attempt in attempts(source.file.path, _PATIENCE, is_changing=is_changing):
        with attempt.reading(_paths(source), grows=grows):
            now = source if _is_as_listed(source) else relisted(source)
            data = _read(now)
        if attempt.held and _is_as_listed(now):
            return data
    raise AssertionError("attempts end with an error")


def _is_as_listed(source: Source) -> bool:
    return source.is_final and all(is_as_listed(file) for file in (source.file, *source.parts))


def _paths(source: Source) -> list[Path]:
    files = (source.file, *source.parts, source.metadata, source.sprite)
    return [file.real for file in files if file is not None]


def _read(source: Source) -> Dataset:
    try:
        loaded = source.loader.load(source.file, source.tensor)
    except UNEXPECTED_ERRORS as error:
        raise unexpected_error(source.file.path, error) from error
    warnings = [*loaded.warnings, *source.warnings]
    n_points = loaded.values.shape[0] if loaded.values.ndim == 2 else 0
    if not n_points:
        raise LoadError(
            source.file.path,
            f"now has the shape {loaded.values.shape}; expected rows and columns. Refresh the "
            "listing.",
        )
    metadata = _metadata(source, loaded, n_points, warnings)
    sprite = _sprite(source, n_points, warnings)
    try:
        data = Dataset(
            loaded.values,
            metadata,
            sprite,
            name=source.tensor.name,
            run=source.run,
            step=source.step,
            warnings=warnings,
        )
    except ProjectorError as error:
        raise LoadError(source.file.path, str(error)) from None
    return _with_nonfinite_warning(data)


def _metadata(source: Source, loaded: Loaded, n_points: int, warnings: list[str]) -> Metadata:
    columns = loaded.columns
    if source.metadata is not None:
        try:
            table, more = read_metadata(source.metadata.real, n_points)
            warnings += more
            columns = (*columns, *table.columns)
            if source.guessed:
                warnings.append(source.guessed)
        except ProjectorError as error:
            warnings.append(str(error))
    return Metadata(columns)


def _sprite(source: Source, n_points: int, warnings: list[str]) -> Sprite | None:
    if source.sprite is None:
        return None
    try:
        data = read_all(source.sprite.real, limit=_MAX_SPRITE, what="a sprite")
        sprite, more = read_sprite(data, source.tile, n_points)
        warnings += [f"{source.sprite.name}: {each}" for each in more]
        return sprite
    except LoadError as error:
        warnings.append(str(error))
    except DataError as error:
        warnings.append(f"{source.sprite.name}: {error}")
    return None


def _with_nonfinite_warning(data: Dataset) -> Dataset:
    """Warn how many rows contain NaN or infinity, and which."""
    if data.vectors.size > _MAX_CHECKED:
        return data
    lost = (~data.finite_rows).nonzero()[0]
    if not len(lost):
        return data
    rows = ", ".join(map(str, lost[:_LISTED_ROWS])) + (" …" if len(lost) > _LISTED_ROWS else "")
    warning = f"{len(lost):,} rows contain NaN or infinity and cannot be projected: rows {rows}."
    return Dataset(data.embedding, data.metadata, data.sprite, warnings=(*data.warnings, warning))
