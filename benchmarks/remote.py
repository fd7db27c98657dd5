"""What a remote log directory costs its reader: ``python benchmarks/remote.py``.

Each log is in a file system that counts what is asked of it and needs no network. Its ranges are
verified by asking once more, as where a server knows no conditions: S3 and the Web cost about half
the requests. Printed are ratios: bytes that were fetched beside those of the log or the array.
"""

from __future__ import annotations

import io
import os
import tempfile
import threading
from collections.abc import Callable
from typing import Any

import fsspec
import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.spec import AbstractFileSystem

import projector
from projector.machine.byte_size import byte_size
from projector.typing import AnyArray

SCHEME = "counting"
#: The most that a listing may fetch of a log, and the requests for one array.
LISTING_BOUND, REQUESTS_BOUND = 0.02, 4


class CountingFiles(AbstractFileSystem):  # type: ignore[misc]
    """Objects in memory; many may be one, so that a large log takes little memory."""

    protocol = SCHEME
    objects: dict[str, bytes] = {}  # noqa: RUF012 - of all instances
    n_requests = 0
    n_bytes = 0
    lock = threading.Lock()

    @classmethod
    def count(cls, n_bytes: int = 0) -> None:
        """Count one request."""
        with cls.lock:
            cls.n_requests += 1
            cls.n_bytes += n_bytes

    @classmethod
    def hold(cls, objects: dict[str, bytes]) -> int:
        """Hold these objects, count anew, and return their bytes."""
        cls.objects = {f"bucket/{name}": content for name, content in objects.items()}
        cls.n_requests = cls.n_bytes = 0
        return sum(map(len, objects.values()))

    def find(self, path: str, *args: Any, **options: Any) -> dict[str, dict[str, Any]]:
        """List all objects."""
        self.count()
        return {name: self._about(name) for name in self.objects}

    def info(self, path: str, **options: Any) -> dict[str, Any]:
        """Describe one object."""
        self.count()
        return self._about(self._strip_protocol(path))

    def cat_file(self, path: str, start: Any = None, end: Any = None, **options: Any) -> bytes:
        """Return a range of an object."""
        found = self.objects[self._strip_protocol(path)][start:end]
        self.count(len(found))
        return found

    def _about(self, name: str) -> dict[str, Any]:
        if name not in self.objects:
            return {"name": name, "size": 0, "type": "directory"}
        return {"name": name, "size": len(self.objects[name]), "type": "file", "ETag": "1"}


def npy(values: AnyArray) -> bytes:
    """Return an array as numpy saves it."""
    made = io.BytesIO()
    np.save(made, values)
    return made.getvalue()


def npz(values: AnyArray) -> bytes:
    """Return two arrays in one archive."""
    made = io.BytesIO()
    np.savez(made, large=values, small=values[:1000])
    return made.getvalue()


def hdf5(values: AnyArray) -> bytes:
    """Return an array in a group of an HDF5 file."""
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        file["model/embedding"] = values
    return made.getvalue()


def parquet(values: AnyArray) -> bytes:
    """Return an array as a column of vectors, ten thousand in a row group.

    Its first pages are read to list it, about 2 MB: what a column holds is seen by its values.
    """
    made = pa.BufferOutputStream()
    column = pa.FixedSizeListArray.from_arrays(values.reshape(-1), values.shape[1])
    pq.write_table(pa.table({"vector": column}), made, row_group_size=10_000)
    return bytes(made.getvalue())


def listing(title: str, count: int, content: bytes) -> None:
    """Print what listing a log of equal files costs."""
    suffix = title.split()[-1]
    total = CountingFiles.hold({f"runs/step{at}/a{suffix}": content for at in range(count)})
    log = projector.open_logdir(f"{SCHEME}://bucket/runs")
    assert len({entry.path for entry in log.entries}) == count, log.problems
    ratio, requests = CountingFiles.n_bytes / total, CountingFiles.n_requests
    print(
        f"| {count} × {byte_size(len(content))} {title} | {ratio:.2%} | {LISTING_BOUND:.0%} "
        f"| {requests / count:.1f} |"
    )


def loading(title: str, content: bytes, values: AnyArray) -> None:
    """Print what reading one array costs, and reading it again."""
    CountingFiles.hold({f"runs/big{title}": content})
    log = projector.open_logdir(f"{SCHEME}://bucket/runs")
    before = CountingFiles.n_bytes, CountingFiles.n_requests
    entry = next(each for each in log.entries if each.n_points == len(values))
    assert np.array_equal(log.load(entry).vectors, values)
    n_bytes, n_requests = CountingFiles.n_bytes - before[0], CountingFiles.n_requests - before[1]
    before = CountingFiles.n_bytes, CountingFiles.n_requests
    log.load(entry)
    again = CountingFiles.n_bytes - before[0]
    bound = REQUESTS_BOUND if title == ".npy" else ""
    print(
        f"| {title} | {CountingFiles.n_bytes / len(content):.3f} | {n_requests} | {bound} "
        f"| {n_bytes / values.nbytes:.3f} | {again} |"
    )


def main() -> None:
    """Print both tables."""
    fsspec.register_implementation(SCHEME, CountingFiles, clobber=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PROJECTOR_CACHE_DIR"] = folder
        rng = np.random.default_rng(0)
        values = rng.normal(size=(100_000, 64)).astype(np.float32)
        small = values[:8000]
        kinds: tuple[tuple[str, Callable[[AnyArray], bytes]], ...] = (
            (".npy", npy),
            (".npz", npz),
            (".h5", hdf5),
            (".parquet", parquet),
        )
        print("| log | fetched to list it | bound | requests for each file |\n|---|---|---|---|")
        listing("arrays .npy", 500, npy(small))
        for suffix, make in kinds[:3]:
            listing(suffix, 40, make(values))
        listing(".parquet", 4, parquet(np.tile(values, (10, 1))))
        print(
            "\n| one array of 25.6 MB | fetched of its file, listed and loaded "
            "| requests to load it | bound | fetched to load it, of the array | bytes again |"
            "\n|---|---|---|---|---|---|"
        )
        for suffix, make in kinds:
            loading(suffix, make(values), values)


if __name__ == "__main__":
    main()
