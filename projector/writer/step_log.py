"""The folder of one embedding: a file for each step, and the index that says which are whole."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from projector.errors import SaveError
from projector.machine.file_lock import lock
from projector.machine.hashing import checksum
from projector.machine.shortages import save_error
from projector.model.training_log import (
    INDEX,
    UNFINISHED,
    StepLine,
    folder_name,
    read_line,
    stored_dtype,
    vectors_name,
)
from projector.typing import AnyArray, Bytes
from projector.writer import given_tables, images
from projector.writer.given_tables import OwnTable

#: Bytes that one call writes.
_PIECE = 1 << 24


@dataclass(frozen=True)
class Step:
    """What is written of an embedding at one step; nobody else changes it.

    Attributes
    ----------
    number : int or None
    vectors : ndarray of shape (n_points, n_dims)
    table : dict
        Metadata by column; empty if there is none.
    images : ndarray, Sheet or None
    time : float
        Seconds since 1970 (UTC).
    """

    number: int | None
    vectors: AnyArray
    table: OwnTable
    images: AnyArray | images.Sheet | None
    time: float


class StepLog:
    """Writes the steps of one embedding.

    The vectors are in place, under their name, before the one line that makes them known. So a
    reader sees a step whole or not at all, whenever the writer is killed.

    Parameters
    ----------
    logdir : Path
        The folder of the run.
    name : str
        The tensor name.
    """

    def __init__(self, logdir: Path, name: str) -> None:
        self.name = name
        self.folder = logdir / folder_name(name)
        self._index: int | None = None
        #: The files that lines name, and the last one of each step.
        self._known: set[str] = set()
        self._last: dict[int | None, str] = {}
        self._table: tuple[OwnTable, str] | None = None
        self._images: tuple[AnyArray | images.Sheet, str, tuple[int, int]] | None = None

    def add(self, step: Step) -> None:
        """Write a step.

        Raises
        ------
        SaveError
            The system refuses, or another process writes to the folder. Nothing of the step is
            known to a reader.
        """
        try:
            try:
                self._add(step)
            except OSError as error:
                if error.errno not in (errno.ENOENT, errno.ESTALE) or self._index is None:
                    raise
                self.close()  # somebody removed the folder
                self._add(step)
        except OSError as error:
            self.close()
            raise save_error(self.folder, error, needs=step.vectors.nbytes) from error

    def close(self) -> None:
        """Give the folder back; the next step opens it again."""
        if self._index is not None:
            os.close(self._index)
        self._index = None
        self._table = self._images = None

    def _add(self, step: Step) -> None:
        index = self._open()
        metadata = self._write_table(step)
        sprite, tile = self._write_images(step)
        file = self._free_name(step.number)
        content = npy_parts(step.vectors)
        crc32c = 0
        for part in content:
            crc32c = checksum(np.frombuffer(part, np.uint8), crc32c)
        write_whole(self.folder / file, content)
        n_points, n_dims = step.vectors.shape
        line = StepLine(
            name=self.name,
            step=step.number,
            file=file,
            shape=(n_points, n_dims),
            dtype=step.vectors.dtype.name,
            crc32c=crc32c,
            time=round(step.time, 3),
            metadata=metadata,
            sprite=sprite,
            tile=tile,
        )
        append_whole(index, line.text().encode())
        self._known.add(file)
        before = self._last.pop(step.number, None)
        self._last[step.number] = file
        if before is not None:  # the step was written again, and the later line counts
            with contextlib.suppress(OSError):
                os.unlink(self.folder / before)

    def _open(self) -> int:
        if self._index is not None:
            # A folder that was removed and made again has another index.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(self._index), os.stat(self.folder / INDEX)):
                    return self._index
            self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        index = os.open(self.folder / INDEX, flags | getattr(os, "O_CLOEXEC", 0), 0o666)
        try:
            if lock(index) == "another's":
                raise SaveError(
                    self.folder,
                    "is being written by another writer. Give each training a log directory of "
                    "its own, or each embedding another name.",
                )
            lines = _continued(index)
        except BaseException:
            os.close(index)
            raise
        self._index = index
        self._known = {line.file for line in lines}
        self._last = {line.step: line.file for line in lines}
        self._remove_unfinished()
        return index

    def _remove_unfinished(self) -> None:
        """Delete what a writer that was killed left; the lock says that no other one writes."""
        with os.scandir(self.folder) as entries:
            left = [entry.path for entry in entries if entry.name.startswith(UNFINISHED)]
        for path in left:
            with contextlib.suppress(OSError):
                os.unlink(path)

    def _free_name(self, step: int | None) -> str:
        """Return a name that no line has: a file that a reader may know is never replaced."""
        again = 0
        while (name := vectors_name(step, again)) in self._known:
            again += 1
        return name

    def _write_table(self, step: Step) -> str | None:
        if not step.table:
            return None
        if self._table is not None and given_tables.is_same(self._table[0], step.table):
            return self._table[1]
        table = given_tables.as_table(step.table, len(step.vectors))
        name = f"metadata-{given_tables.content_name(table)}.parquet"
        if not (self.folder / name).exists():
            write_whole(self.folder / name, [given_tables.parquet_bytes(table)])
        self._table = step.table, name
        return name

    def _write_images(self, step: Step) -> tuple[str | None, tuple[int, int] | None]:
        if step.images is None:
            return None, None
        if self._images is not None and images.is_same(self._images[0], step.images):
            return self._images[1:]
        sheet = images.sheet_of(step.images)
        name = f"sprite-{hashlib.sha256(sheet.data).hexdigest()[:16]}.png"
        if not (self.folder / name).exists():
            write_whole(self.folder / name, [sheet.data])
        self._images = step.images, name, sheet.tile
        return name, sheet.tile


def _continued(index: int) -> list[StepLine]:
    """Cut what a killed writer left of a line, and return the lines that are whole."""
    size = os.fstat(index).st_size
    content = bytearray()
    os.lseek(index, 0, os.SEEK_SET)
    while len(content) < size and (piece := os.read(index, size - len(content))):
        content += piece
    whole = content.rfind(b"\n") + 1
    if whole < size:
        os.ftruncate(index, whole)
    lines = []
    for text in bytes(content[:whole]).splitlines():
        with contextlib.suppress(ValueError):  # a damaged line, which the loader names
            lines.append(read_line(json.loads(text)))
    return lines


def npy_parts(array: AnyArray) -> list[Bytes]:
    """Return header and bytes of an array as a NumPy file, without copying it."""
    header = io.BytesIO()
    about = {"descr": stored_dtype(array.dtype), "fortran_order": False, "shape": array.shape}
    np.lib.format.write_array_header_1_0(header, about)
    if array.dtype.byteorder == ">":
        array = array.astype(array.dtype.newbyteorder("<"))
    return [header.getvalue(), array.reshape(-1).view(np.uint8).data]


def write_whole(path: Path, parts: list[Bytes]) -> None:
    """Write a file under another name, and give it its own when it is whole.

    `projector.machine.atomic_write` does more, and changes the process's mask of permissions for
    a moment, which a training's other threads must not meet.
    """
    unfinished = path.with_name(f"{UNFINISHED}{os.getpid()}-{threading.get_ident()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    try:
        file = os.open(unfinished, flags | getattr(os, "O_CLOEXEC", 0), 0o666)
        try:
            for part in parts:
                rest = memoryview(part)
                while len(rest):
                    rest = rest[os.write(file, rest[:_PIECE]) :]
        finally:
            os.close(file)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise


def append_whole(file: int, line: bytes) -> None:
    """Append bytes in one call, or nothing: what a full disk took of them is cut off again."""
    before = os.fstat(file).st_size
    written = os.write(file, line)
    if written < len(line):
        os.ftruncate(file, before)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
