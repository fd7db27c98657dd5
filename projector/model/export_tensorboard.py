"""Converts vectors, metadata and what names their files to TensorBoard's projector files.

Source: tensorboard/plugins/projector/projector_config.proto and projector_plugin.py.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from projector.model.metadata import Metadata
from projector.typing import AnyArray

#: What TensorBoard's tables cannot hold in a cell.
_BREAKS = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True)
class ConfigEntry:
    """What a config says of one tensor.

    Attributes
    ----------
    tensor_name : str
    tensor_path : str
        Relative to the config, as all paths.
    shape : tuple of int
        (n_points, n_dims)
    metadata_path, sprite_path : str
        Empty if there is none.
    tile : tuple of int
        (width, height) of a tile of the sprite in pixels.
    """

    tensor_name: str
    tensor_path: str
    shape: tuple[int, int]
    metadata_path: str = ""
    sprite_path: str = ""
    tile: tuple[int, int] = (0, 0)


def config_text(entries: Iterable[ConfigEntry]) -> str:
    """Return the text of ``projector_config.pbtxt``."""
    return "".join(map(_entry_text, entries))


def _entry_text(entry: ConfigEntry) -> str:
    lines = [f"tensor_name: {_quoted(entry.tensor_name)}"]
    lines += [f"tensor_shape: {size}" for size in entry.shape]
    if entry.metadata_path:
        lines.append(f"metadata_path: {_quoted(entry.metadata_path)}")
    lines.append(f"tensor_path: {_quoted(entry.tensor_path)}")
    if entry.sprite_path:
        lines += [
            "sprite {",
            f"  image_path: {_quoted(entry.sprite_path)}",
            *(f"  single_image_dim: {size}" for size in entry.tile),
            "}",
        ]
    return "embeddings {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def _quoted(text: str) -> str:
    escaped = text.encode("utf-8", "replace").decode().replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\{ord(c):03o}" if ord(c) < 32 else c for c in escaped) + '"'


def vectors_tsv(vectors: AnyArray) -> bytes:
    """Return vectors as text that reads back as the same float32.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, n_dims), float32
    """
    import pyarrow as pa
    from pyarrow import csv

    columns = [pa.array(column) for column in np.ascontiguousarray(vectors.T)]
    table = pa.table(columns, names=[str(number) for number in range(len(columns))])
    out = io.BytesIO()
    options = csv.WriteOptions(include_header=False, delimiter="\t", quoting_style="none")
    csv.write_csv(table, out, options)
    return out.getvalue()


def vectors_raw(vectors: AnyArray) -> bytes | None:
    """Return vectors as little-endian float32; None where TensorBoard would take them for text.

    It reads a file as text first, and as numbers only where the text is no UTF-8.
    """
    content = np.ascontiguousarray(vectors, "<f4").tobytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    return None


def metadata_tsv(metadata: Metadata) -> tuple[bytes, list[str]]:
    """Return a table as TensorBoard reads it, and what it cannot hold.

    A table of one column has no header there. Tabs and line ends in a cell become spaces.
    """
    columns = [[text or "" for text in column.text] for column in metadata.columns]
    plain = [[_BREAKS.sub(" ", text) for text in column] for column in columns]
    n_changed = sum(
        one != other
        for before, after in zip(columns, plain, strict=True)
        for one, other in zip(before, after, strict=True)
    )
    notes = []
    if n_changed:
        cells = "1 cell has" if n_changed == 1 else f"{n_changed:,} cells have"
        notes.append(f"{cells} a tab or a line end, which became spaces: the table holds none.")
    names = [_BREAKS.sub(" ", name) for name in metadata.names]
    if len(names) == 1:
        notes.append(f"the only column, {names[0]!r}, lost its name: such a table has no header.")
    rows = ([] if len(names) == 1 else [names]) + [list(row) for row in zip(*plain, strict=True)]
    text = "".join("\t".join(row) + "\n" for row in rows)
    return text.encode("utf-8", "replace"), notes
