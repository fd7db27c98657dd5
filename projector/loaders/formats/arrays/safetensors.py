"""Reads safetensors files, single or sharded with an index, including bfloat16 and float8.

Layout: a 64-bit length, that much JSON {name: {dtype, shape, data_offsets}}, the bytes.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TypeGuard

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.bounded_json import JsonBoundsError, parse_json
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.file_bytes import private_bytes
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable, read_all, read_range
from projector.typing import Json

_DTYPES = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U64": "uint64",
    "U32": "uint32",
    "U16": "uint16",
    "U8": "uint8",
    "BOOL": "bool",
    "F8_E5M2": "float8_e5m2",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E8M0": "float8_e8m0fnu",
    "C64": "complex64",
}
#: The format's own limit for its header.
_HEADER = 100_000_000
_INDEX = ".safetensors.index.json"


class Safetensors:
    """Single files, and indexes of several."""

    name = "safetensors"
    title = "safetensors"
    gives = "every matrix, of one file or of several with an index"
    extensions = (".safetensors",)

    def sniff(self, file: File) -> bool:
        """Recognize it by suffix, or by a plausible length and an opening brace."""
        if file.name.endswith((".safetensors", _INDEX)):
            return True
        head = file.head()
        length = int.from_bytes(head[:8], "little")
        return head[8:10] == b'{"' and 2 <= length <= file.size - 8

    def list(self, file: File) -> Found:
        """Read the header, or the index and the headers of the files that it names."""
        if file.name.endswith(_INDEX):
            return _list_index(file)
        entries, problems = _header(file)
        return Found(_tensors(file, entries), tuple(problems))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Take a private copy of the tensor's bytes."""
        shard, dtype, start, stop = tensor.detail
        raw = private_bytes(shard.real, start, stop - start)
        if len(raw) != stop - start:
            raise LoadError(shard.path, "was truncated after it was listed. Copy it again.")
        return Loaded(to_float32(raw.view(dtype_of(dtype)).reshape(tensor.shape)))


def _header(
    file: File,
) -> tuple[dict[str, tuple[str, tuple[int, ...], int, int]], list[FileProblem]]:
    """Return dtype, shape and byte range by name, and the problems of damaged entries."""
    if file.size < 8:
        raise LoadError(
            file.path, f"has {file.size} bytes, which is too short for a header. Copy it again."
        )
    length = int.from_bytes(read_range(file.real, 0, 8), "little")
    if length > min(_HEADER, file.size - 8):
        raise LoadError(
            file.path,
            f"claims a header of {length:,} bytes in a file of {file.size:,}. It is truncated, or "
            "not a safetensors file; copy it again.",
        )
    content = _json(file.path, read_range(file.real, 8, length))
    base = 8 + length
    entries: dict[str, tuple[str, tuple[int, ...], int, int]] = {}
    problems: list[FileProblem] = []
    for name, entry in content.items():
        if name == "__metadata__":
            continue
        try:
            entries[name] = _entry(entry, base, file.size)
        except ValueError as error:
            problems.append(
                FileProblem(f"tensor {printable(name)!r}: {error}. Save the file again.")
            )
    _refuse_overlap(entries, problems)
    return entries, problems


def _entry(entry: Json, base: int, size: int) -> tuple[str, tuple[int, ...], int, int]:
    if not isinstance(entry, dict):
        raise ValueError("its entry is not an object")
    dtype = _DTYPES.get(str(entry.get("dtype")))
    shape, offsets = entry.get("shape"), entry.get("data_offsets")
    if dtype is None:
        raise ValueError(
            f"its type {entry.get('dtype')!r} is unknown; expected one of {', '.join(_DTYPES)}"
        )
    if not _are_counts(shape) or not _are_counts(offsets) or len(offsets) != 2:
        raise ValueError(f"shape {shape} and data_offsets {offsets} must be lists of counts")
    start, stop = offsets
    wanted = math.prod(shape) * dtype_of(dtype).itemsize
    if stop < start or base + stop > size:
        raise ValueError(f"its bytes {start:,} to {stop:,} are outside the file's {size - base:,}")
    if stop - start != wanted:
        raise ValueError(f"{dtype} {shape} takes {wanted:,} bytes, but it has {stop - start:,}")
    return dtype, tuple(shape), base + start, base + stop


def _are_counts(value: Json) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(v) is int and 0 <= v < 1 << 63 for v in value)


def _refuse_overlap(
    entries: dict[str, tuple[str, tuple[int, ...], int, int]], problems: list[FileProblem]
) -> None:
    """Drop tensors that share bytes: the format forbids it, and one of them is wrong."""
    reach, owner = 0, ""
    for name, (_, _, start, stop) in sorted(entries.items(), key=lambda item: item[1][2:]):
        if start < reach and stop > start:
            problems.append(
                FileProblem(
                    f"tensors {printable(owner)!r} and {printable(name)!r} share bytes, which the "
                    "format forbids. Save the file again."
                )
            )
            for each in (name, owner):
                entries.pop(each, None)
        if stop > reach:
            reach, owner = stop, name


def _json(path: Path, raw: bytes) -> dict[str, Json]:
    twice: list[str] = []

    def pairs(items: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(items)
        if len(found) != len(items):
            twice.extend(key for key, _ in items)
        return found

    try:
        content = parse_json(raw, object_pairs_hook=pairs)
    except JsonBoundsError as error:
        raise LoadError(path, f"the header is refused: {error}. Save the file again.") from None
    except ValueError as error:
        raise LoadError(path, f"the header is not JSON: {error}. Save the file again.") from None
    if twice:
        raise LoadError(
            path,
            f"the header repeats a name, one of {sorted(set(twice))[:5]}. Save the file again.",
        )
    if not isinstance(content, dict):
        raise LoadError(path, "the header is not a JSON object. Save the file again.")
    return content


def _tensors(
    file: File, entries: dict[str, tuple[str, tuple[int, ...], int, int]]
) -> tuple[Tensor, ...]:
    return tuple(
        Tensor(
            name,
            printable(name),
            shape,
            dtype,
            role=role_of(name, shape),
            real=dtype != "complex64",
            detail=(file, dtype, start, stop),
        )
        for name, (dtype, shape, start, stop) in entries.items()
    )


def _list_index(file: File) -> Found:
    content = _json(file.path, read_all(file.real, limit=_HEADER, what="an index"))
    weight_map = content.get("weight_map")
    if not isinstance(weight_map, dict):
        raise LoadError(
            file.path, "has no object 'weight_map' from tensor names to file names. Copy it again."
        )
    wanted: dict[str, set[str]] = {}
    problems: list[FileProblem] = []
    for tensor, shard in weight_map.items():
        wanted.setdefault(str(shard), set()).add(tensor)
    parts: list[File] = []
    tensors: list[Tensor] = []
    elsewhere: set[str] | None = None
    for shard, names in wanted.items():
        part = file.folder.get(shard)
        if part is None:
            elsewhere = _elsewhere(file) if elsewhere is None else elsewhere
            problems.append(_missing(shard, names - elsewhere))
            continue
        parts.append(part)
        try:
            entries, of_part = _header(part)
        except LoadError as error:
            problems.append(FileProblem(error.message, path=part.path))
            continue
        problems += [FileProblem(n.message, n.severity, part.path) for n in of_part]
        lost = sorted(names - entries.keys())
        if lost:
            problems.append(
                FileProblem(
                    f"{printable(shard)} does not contain {', '.join(lost[:3])}, which the index "
                    "lists. Copy it again."
                )
            )
        tensors += _tensors(part, {n: e for n, e in entries.items() if n in names})
    return Found(tuple(tensors), tuple(problems), tuple(parts))


def _missing(shard: str, names: set[str]) -> FileProblem:
    """Return the problem of a shard that is not there, and whose tensors `names` are lost."""
    # Only files in the folder of the index are looked up, so no path leads elsewhere.
    reason = "is a path; expected a file name" if "/" in shard else "is missing"
    lost = sorted(names)
    where = "Copy it into the folder of the index."
    if not lost:
        message = f"{printable(shard)!r} {reason}, but other files of the folder have its tensors."
        return FileProblem(f"{message} Correct or remove the index.", "warning")
    return FileProblem(
        f"{printable(shard)!r} {reason}, so {len(lost):,} tensors cannot be shown "
        f"({', '.join(lost[:3])}). {where}"
    )


def _elsewhere(file: File) -> set[str]:
    """Return the names of all tensors in the folder of an index."""
    found: set[str] = set()
    for other in file.folder.values():
        if other.name.endswith(".safetensors"):
            try:
                found |= _header(other)[0].keys()
            except LoadError:
                continue  # reported where the file itself is listed
    return found
