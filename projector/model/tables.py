"""Write positions and the columns beside them to a file, whole or not at all."""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from projector.errors import LoadError, ParameterError
from projector.model.metadata import Metadata
from projector.typing import AnyArray

AXES = ("x", "y", "z")


def write_table(
    path: Path, positions: AnyArray, *, about: dict[str, Any], metadata: Metadata | None
) -> Path:
    """Write `positions`, and the columns of `metadata`, in the format that the suffix names.

    Raises
    ------
    ParameterError
        A suffix that nothing writes.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ParameterError(
            f"{path.name}: can not tell the format from the suffix {path.suffix!r}. "
            f"Use one of {', '.join(_WRITERS)}."
        )
    write_whole(path, writer(positions, about, metadata))
    return path


def read_positions(path: Path) -> AnyArray:
    """Read positions back from a file that `write_table` wrote.

    Returns
    -------
    ndarray of shape (n_points, 2 or 3), float32

    Raises
    ------
    LoadError
        The file has no positions.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".npy":
            return np.asarray(np.load(path, allow_pickle=False), np.float32)
        if suffix == ".npz":
            with np.load(path, allow_pickle=False) as archive:
                return np.asarray(archive["positions"], np.float32)
        table = _read_arrow(path, suffix)
        axes = [name for name in AXES if name in table.column_names]
        if len(axes) < 2:
            raise KeyError("x")
        return np.column_stack([table[name].to_numpy() for name in axes]).astype(np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise LoadError(
            path, f"holds no positions ({error}). Use a file that `projector reduce` wrote."
        ) from None


def _read_arrow(path: Path, suffix: str) -> Any:
    if suffix == ".parquet":
        import pyarrow.parquet as pq

        return pq.read_table(path)
    if suffix in (".arrow", ".feather"):
        from pyarrow import feather

        return feather.read_table(path)
    from pyarrow import csv

    delimiter = "\t" if suffix == ".tsv" else ","
    return csv.read_csv(path, parse_options=csv.ParseOptions(delimiter=delimiter))


def write_pairs(
    path: Path, indices: AnyArray, distances: AnyArray, *, about: dict[str, Any]
) -> Path:
    """Write a neighbor graph, (n_points, k) each, in the format that the suffix names.

    ``.npz`` holds the arrays, ``.npy`` the indices alone, every other format one row a pair.

    Raises
    ------
    ParameterError
        A suffix that nothing writes.
    """
    suffix = path.suffix.lower()
    out = io.BytesIO()
    if suffix == ".npy":
        np.save(out, indices, allow_pickle=False)
    elif suffix == ".npz":
        text = np.array(json.dumps(about))
        np.savez_compressed(out, indices=indices, distances=distances, about=text)
    elif suffix in _PAIR_WRITERS:
        _PAIR_WRITERS[suffix](_pairs(indices, distances, about), out)
    else:
        raise ParameterError(
            f"{path.name}: can not tell the format from the suffix {path.suffix!r}. "
            f"Use one of .npz, .npy, {', '.join(_PAIR_WRITERS)}."
        )
    write_whole(path, out.getvalue())
    return path


def _pairs(indices: AnyArray, distances: AnyArray, about: dict[str, Any]) -> Any:
    import pyarrow as pa

    n_points, k = indices.shape
    columns = {
        "index": np.repeat(np.arange(n_points, dtype=np.int32), k),
        "rank": np.tile(np.arange(k, dtype=np.int32), n_points),
        "neighbor": indices.ravel(),
        "distance": distances.ravel(),
    }
    return pa.table(columns).replace_schema_metadata({"projector": json.dumps(about)})


def _write_parquet(table: Any, out: io.BytesIO) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, out, compression="zstd")


def _write_arrow(table: Any, out: io.BytesIO) -> None:
    from pyarrow import feather

    feather.write_feather(table, out, compression="lz4")


def _write_delimited(delimiter: str) -> Callable[[Any, io.BytesIO], None]:
    def write(table: Any, out: io.BytesIO) -> None:
        from pyarrow import csv

        options = csv.WriteOptions(delimiter=delimiter, quoting_style="none")
        csv.write_csv(table, out, options)

    return write


_PAIR_WRITERS: dict[str, Callable[[Any, io.BytesIO], None]] = {
    ".parquet": _write_parquet,
    ".arrow": _write_arrow,
    ".feather": _write_arrow,
    ".csv": _write_delimited(","),
    ".tsv": _write_delimited("\t"),
}


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` so that nobody ever sees half of it, not even after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes private files; a result is as readable as any other file of the person.
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _arrow_table(positions: AnyArray, about: dict[str, Any], metadata: Metadata | None) -> Any:
    import pyarrow as pa

    columns = [pa.array(np.ascontiguousarray(column)) for column in positions.T]
    names = list(AXES[: positions.shape[1]])
    if metadata is not None and metadata.columns:
        table = metadata.to_arrow()
        columns += table.columns
        names += _unique(table.column_names, taken=names)
    return pa.table(columns, names=names).replace_schema_metadata({"projector": json.dumps(about)})


def _unique(names: list[str], taken: list[str]) -> list[str]:
    """Rename columns that another one is named like: tables on disk can not repeat a name."""
    used, result = set(taken), []
    for name in names:
        new, count = name, 2
        while new in used:
            new, count = f"{name}_{count}", count + 1
        used.add(new)
        result.append(new)
    return result


def _parquet(positions: AnyArray, about: dict[str, Any], metadata: Metadata | None) -> bytes:
    out = io.BytesIO()
    _write_parquet(_arrow_table(positions, about, metadata), out)
    return out.getvalue()


def _arrow(positions: AnyArray, about: dict[str, Any], metadata: Metadata | None) -> bytes:
    out = io.BytesIO()
    _write_arrow(_arrow_table(positions, about, metadata), out)
    return out.getvalue()


def _delimited(delimiter: str) -> Callable[[AnyArray, dict[str, Any], Metadata | None], bytes]:
    def write(positions: AnyArray, about: dict[str, Any], metadata: Metadata | None) -> bytes:
        import csv

        table = _arrow_table(positions, about, metadata)
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow(table.column_names)
        # repr of a float32 is the shortest text that reads back as the same float32.
        places = [[repr(float(str(v))) for v in column] for column in positions.T]
        texts = [] if metadata is None else [c.text.to_list() for c in metadata.columns]
        writer.writerows(zip(*places, *texts, strict=True))
        return out.getvalue().encode()

    return write


def _npy(positions: AnyArray, about: dict[str, Any], metadata: Metadata | None) -> bytes:
    out = io.BytesIO()
    np.save(out, positions, allow_pickle=False)
    return out.getvalue()


def _npz(positions: AnyArray, about: dict[str, Any], metadata: Metadata | None) -> bytes:
    out = io.BytesIO()
    columns = {} if metadata is None else {c.name: c for c in metadata.columns}
    np.savez_compressed(
        out,
        allow_pickle=False,
        positions=positions,
        about=np.array(json.dumps(about)),
        **{
            f"metadata/{name}": np.array([text or "" for text in column.text], dtype=np.str_)
            for name, column in columns.items()
        },
    )
    return out.getvalue()


_WRITERS: dict[str, Callable[[AnyArray, dict[str, Any], Metadata | None], bytes]] = {
    ".parquet": _parquet,
    ".arrow": _arrow,
    ".feather": _arrow,
    ".csv": _delimited(","),
    ".tsv": _delimited("\t"),
    ".npy": _npy,
    ".npz": _npz,
}
