"""What is said of files and folders that have nothing to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from projector.loaders.base import File, Tensor
from projector.loaders.formats.registry import known_extensions

_LISTED_TENSORS = 6


def nothing_found(files: Mapping[Path, File]) -> str:
    """Say what a folder has instead of embeddings."""
    found = f"none of its files ({len(files):,}) has vectors" if files else "it has no files"
    return (
        f"contains no embeddings: {found}. Expected TensorFlow, Keras or PyTorch checkpoints, a "
        "projector_config.pbtxt, arrays, word vectors or tables (see docs/formats.md)."
    )


def unknown_format() -> str:
    """Say what a file that no loader recognizes can be converted to."""
    return (
        "is not in a format that projector reads. Convert it to one of these: "
        f"{', '.join(known_extensions())} (see docs/formats.md)."
    )


def no_matrix(tensors: Sequence[Tensor]) -> str:
    """Say what a file has instead of a matrix."""
    some = ", ".join(
        f"{t.name} ({t.dtype}, {' x '.join(map(str, t.shape)) or 'scalar'})"
        for t in tensors[:_LISTED_TENSORS]
    )
    n_more = len(tensors) - _LISTED_TENSORS
    more = f" and {n_more:,} more" if n_more > 0 else ""
    return (
        "contains no embedding, which is a matrix of real numbers with at least one row and one "
        f"column. It contains {some}{more}."
    )
