"""Reads what `projector.Writer` writes: a folder for each embedding, with a file for each step.

The lines of ``index.jsonl`` say which steps are whole. docs/writer.md describes them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.bounded_json import parse_json
from projector.loaders.decoders.dtypes import dtype_of, to_float32
from projector.loaders.file_bytes import private_bytes
from projector.loaders.formats.arrays.npy import data_offset
from projector.loaders.own_files import OwnFiles
from projector.loaders.safe_files import printable, read_all
from projector.machine.hashing import checksum
from projector.model.training_log import INDEX, StepLine, is_index, read_line

#: The bytes of an index; a million steps take a quarter of it.
_LIMIT = 1 << 30


@dataclass(frozen=True)
class _Step(OwnFiles):
    """The files of a step, with what its line says of the vectors.

    Attributes
    ----------
    crc32c : int
    dtype : str
    """

    crc32c: int = 0
    dtype: str = ""


class ProjectorLog:
    """One embedding at all steps, as `projector.Writer` writes it."""

    name = "projector-log"
    title = "Log of projector.Writer"
    gives = "one embedding at every step, with metadata and images"
    extensions = (".projector",)

    def sniff(self, file: File) -> bool:
        """Recognize the index by its name and that of its folder."""
        return is_index(file.name, file.home)

    def list(self, file: File) -> Found:
        """Read the index: one tensor for each step, the last line of a step counts.

        What stands after the last line end is being written, and no problem. Given the file of one
        step, list that alone.
        """
        if not self.sniff(file):
            return _listed_alone(file)
        lines, problems = _lines(file.real)
        tensors = []
        for number, line in lines:
            # Written since the folder was looked at: the next look finds the step, with all of it.
            if any(_is_newer(file, name) for name in (line.file, line.metadata, line.sprite)):
                continue
            try:
                tensors.append(_tensor(line, file.folder))
            except ValueError as error:
                problems.append(FileProblem(f"line {number}: {error}", "warning"))
            problems += _lost_companions(number, line, file.folder)
        return Found(tuple(tensors), tuple(problems), folder_is_one=True)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read the vectors of a step and verify their checksum."""
        step = tensor.detail
        if not isinstance(step, _Step):
            raise LoadError(file.path, "has changed. Refresh the listing.")
        own = step.vectors
        whole = private_bytes(own.real)
        if checksum(whole) != step.crc32c:
            raise LoadError(
                own.path,
                "checksum mismatch: it is not as its writer left it. Copy it again, or write the "
                "step again.",
            )
        dtype = dtype_of(step.dtype)
        count = math.prod(tensor.shape) * dtype.itemsize
        offset = data_offset(own, whole[: 1 << 12].tobytes())
        data = whole[offset : offset + count]
        if len(data) != count:
            raise LoadError(
                own.path,
                f"has {len(whole) - offset:,} bytes of numbers, but {tensor.shape} of {step.dtype} "
                f"take {count:,}. Write the step again.",
            )
        return Loaded(to_float32(np.asarray(data.view(dtype).reshape(tensor.shape))))


def _lines(index: Path) -> tuple[list[tuple[int, StepLine]], list[FileProblem]]:
    """Return the last line of each step with its number, and what is wrong with others."""
    raw = read_all(index, limit=_LIMIT, what="an index")
    problems: list[FileProblem] = []
    last: dict[tuple[str, int | None], tuple[int, StepLine]] = {}
    for number, text in enumerate(raw.split(b"\n")[:-1], 1):
        try:
            line = read_line(parse_json(text))
        except (ValueError, RecursionError) as error:
            problems.append(FileProblem(_damaged(number, error), "warning"))
        else:
            last[line.name, line.step] = number, line
    return list(last.values()), problems


def _is_newer(index: File, name: str | None) -> bool:
    """Tell whether a file beside the index is there now, and was not when the folder was walked."""
    return name is not None and name not in index.folder and index.real.with_name(name).exists()


def _listed_alone(file: File) -> Found:
    """List the file of one step again, of which its index knows the type and the checksum."""
    lines, _ = _lines(file.real.with_name(INDEX))
    line = next((line for _, line in lines if line.file == file.name), None)
    if line is None:
        raise LoadError(file.path, "is no longer in the index of its folder. Refresh the listing.")
    try:
        return Found((_tensor(line, {file.name: file}),))
    except ValueError as error:
        raise LoadError(file.path, f"cannot be read: {error}") from None


def _damaged(number: int, error: Exception) -> str:
    said = str(error)
    fault = said if said.startswith(("has ", "is ", "needs ", "names ")) else f"is no JSON ({said})"
    return f"line {number} {fault}. Its step is not listed; write it again."


def _tensor(line: StepLine, folder: Mapping[str, File]) -> Tensor:
    """Return the tensor of a line; raises ValueError if its file is not there as it says."""
    file = folder.get(line.file)
    if file is None:
        raise ValueError(f"{line.file!r} does not exist. Its step is not listed; write it again.")
    try:
        dtype = dtype_of(line.dtype)
    except (TypeError, AttributeError):
        raise ValueError(f"the type {line.dtype!r} is unknown. Update projector.") from None
    count = math.prod(line.shape) * dtype.itemsize
    if file.size < count:
        raise ValueError(
            f"{line.file!r} has {file.size:,} bytes, but {line.shape[0]:,} x {line.shape[1]:,} "
            f"numbers of {line.dtype} take {count:,}. It is truncated; copy it again."
        )
    sprite = folder.get(line.sprite) if line.sprite else None
    metadata = folder.get(line.metadata) if line.metadata else None
    own = _Step(
        file,
        metadata,
        sprite,
        line.tile or () if sprite is not None else (),
        crc32c=line.crc32c,
        dtype=line.dtype,
    )
    return Tensor(
        line.file,
        printable(line.name),
        line.shape,
        line.dtype,
        step=line.step,
        role="embedding",
        labeled=metadata is not None,
        detail=own,
    )


def _lost_companions(
    number: int, line: StepLine, folder: Mapping[str, File]
) -> Iterator[FileProblem]:
    for what, name in (("metadata", line.metadata), ("images", line.sprite)):
        if name is not None and name not in folder:
            message = f"line {number}: {name!r} does not exist. The step has no {what}."
            yield FileProblem(message, "warning")
