"""Reads a dataset: a tensor with its metadata and sprite."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from projector.errors import DataError, LoadError, ProjectorError
from projector.loaders.base import UNEXPECTED_ERRORS, Loaded, unexpected_error
from projector.loaders.companions.metadata_tsv import read_metadata
from projector.loaders.companions.sprites import read_sprite
from projector.loaders.formats.tensorflow.events import is_event_file
from projector.loaders.formats.text.lines import looks_cut
from projector.loaders.logdir.drawn_sample import Drawn
from projector.loaders.logdir.relisting import is_current, relisted
from projector.loaders.logdir.sources import Source
from projector.loaders.safe_files import read_all
from projector.loaders.versions import attempts
from projector.model.dataset import Dataset
from projector.model.metadata import Metadata
from projector.model.narrowing import given_up
from projector.model.sprite import Sprite

_MAX_SPRITE = 1 << 28
#: Seconds for which files that change are read again.
_PATIENCE = 5.0
#: Vectors with more numbers are not searched for NaN when they are loaded: it would read all of
#: a file, and every projection checks its rows again.
_MAX_CHECKED = 1 << 24
_LISTED_ROWS = 8


def read_source(
    source: Source, on_vectors: Callable[[Dataset], object] = lambda vectors: None
) -> Dataset:
    """Read the dataset that a source stands for, without its tags.

    Companions that cannot be read cost a warning, not the dataset. All files are of one moment: if
    one of them changed since it was listed, or changes meanwhile, they are read again.

    Parameters
    ----------
    source : Source
    on_vectors : callable
        Called with the vectors alone, of one version of their file, before anything else is read;
        once more where they have to be read again.

    Raises
    ------
    FileChangedError
        They are being written all the time.
    LoadError
        The tensor cannot be read.
    """
    grows = is_event_file(source.file.name)
    is_changing = not is_current(source)
    for attempt in attempts(source.file.path, _PATIENCE, is_changing=is_changing):
        with attempt.reading(_paths(source), grows=grows, looks_cut=looks_cut) as unchanged:
            now = source if is_current(source) else relisted(source)
            loaded = _loaded(now)
            bare = _dataset(now, loaded)
            if unchanged() and is_current(now):
                on_vectors(bare)
            data = _with_companions(now, loaded, bare)
        if attempt.held and is_current(now):
            return data
    raise AssertionError("attempts end with an error")


def _paths(source: Source) -> list[Path]:
    files = (source.file, source.metadata, source.sprite, *source.other_files)
    return [file.real for file in files if file is not None]


def _loaded(source: Source) -> Loaded:
    try:
        loaded = source.loader.load(source.file, source.tensor)
    except UNEXPECTED_ERRORS as error:
        raise unexpected_error(source.file.path, error) from error
    loaded = _as_matrix(loaded, source)
    if loaded.values.ndim != 2 or not loaded.values.shape[0]:
        raise LoadError(
            source.file.path,
            f"now has the shape {loaded.values.shape}; expected rows and columns. Refresh the "
            "listing.",
        )
    return loaded


def _dataset(source: Source, loaded: Loaded) -> Dataset:
    """Return the vectors alone."""
    try:
        return Dataset(
            given_up(loaded.values),
            name=source.tensor.name,
            run=source.run,
            step=source.step,
            n_all=source.n_points if isinstance(loaded, Drawn) else None,
        )
    except ProjectorError as error:
        raise LoadError(source.file.path, str(error)) from None


def _with_companions(source: Source, loaded: Loaded, bare: Dataset) -> Dataset:
    warnings = [*loaded.warnings, *source.warnings]
    metadata = _metadata(source, loaded, bare.n_points, warnings)
    sprite = None if isinstance(loaded, Drawn) else _sprite(source, bare.n_points, warnings)
    told = (*warnings, *bare.given_warnings)
    try:
        data = bare.like(Dataset(bare.embedding, metadata, sprite, warnings=told))
    except ProjectorError as error:
        raise LoadError(source.file.path, str(error)) from None
    return _with_nonfinite_warning(data)


def _as_matrix(loaded: Loaded, source: Source) -> Loaded:
    """Drop axes of one, such as those of N x D x 1 x 1, with a warning."""
    values, shape = loaded.values, source.tensor.shape
    if values.ndim < 3 or values.size != math.prod(shape):
        return loaded
    warning = (
        f"{' x '.join(map(str, values.shape))} numbers are shown as "
        f"{' x '.join(map(str, shape))}: its other axes have the length 1."
    )
    return replace(loaded, values=values.reshape(shape), warnings=(*loaded.warnings, warning))


def _metadata(source: Source, loaded: Loaded, n_points: int, warnings: list[str]) -> Metadata:
    columns = loaded.columns
    if isinstance(loaded, Drawn):
        warnings += _left_out(source)
        return Metadata(columns)
    if source.metadata is not None:
        try:
            table, more = read_metadata(source.metadata.real, n_points)
            warnings += more
            columns = (*columns, *table.columns)
        except ProjectorError as error:
            warnings.append(str(error))
    for use in source.labels:
        taken = use.take(n_points, columns)
        columns = (*columns, *taken.columns)
        warnings += taken.warnings
    return Metadata(columns)


def _left_out(source: Source) -> list[str]:
    """Say which labels of all points are not read for some of them."""
    uses = [use.files[0].name for use in source.labels if use.files]
    names = [each.name for each in (source.metadata, source.sprite) if each is not None] + uses
    if not names:
        return []
    return [
        f"labels in {', '.join(map(repr, dict.fromkeys(names)))} are for all points and were not "
        "read, as memory does not hold all of them."
    ]


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
    return data.with_warnings((warning,))
