"""A file system in memory that counts what is asked of it, and fails where a test says so."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

import fsspec
import numpy as np
from fsspec.implementations.memory import MemoryFile, MemoryFileSystem

SCHEME = "counted"


class CountingFileSystem(MemoryFileSystem):  # type: ignore[misc]
    """What every instance shares: the objects, the calls, and what happens during a read."""

    protocol = SCHEME
    store: dict[str, Any] = {}  # noqa: RUF012 - of the class, as in the one in memory
    pseudo_dirs = [""]  # noqa: RUF012
    calls: list[str] = []  # noqa: RUF012
    n_bytes = 0
    before_read: Callable[[str], object] = staticmethod(lambda path: None)
    after_read: Callable[[bytes], bytes] = staticmethod(lambda data: data)
    during: Callable[[str], object] = staticmethod(lambda what: None)
    away: Exception | None = None
    lock = threading.Lock()

    @classmethod
    def reset(cls) -> None:
        cls.store.clear()
        cls.pseudo_dirs[:] = [""]
        cls.calls.clear()
        cls.n_bytes = 0
        cls.before_read = staticmethod(lambda path: None)
        cls.after_read = staticmethod(lambda data: data)
        cls.during = staticmethod(lambda what: None)
        cls.away = None

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.replace(f"{SCHEME}://", "memory://", 1)))

    def _note(self, what: str) -> None:
        cls = type(self)
        with cls.lock:
            cls.calls.append(what)
        cls.during(what)
        if cls.away is not None:
            raise cls.away

    def find(self, path: str, *args: Any, **options: Any) -> Any:
        self._note("find")
        return super().find(path, *args, **options)

    def info(self, path: str, **options: Any) -> Any:
        self._note("info")
        # The one in memory compares the path with all others.
        found = self.store.get(self._strip_protocol(path))
        if found is None:
            return super().info(path, **options)
        created = found.created
        return {"name": path, "size": found.size, "type": "file", "created": created}

    def cat_file(
        self, path: str, start: int | None = None, end: int | None = None, **options: Any
    ) -> bytes:
        self._note(f"read {path} {start} {end}")
        type(self).before_read(path)
        data = type(self).after_read(super().cat_file(path, start=start, end=end, **options))
        with type(self).lock:
            type(self).n_bytes += len(data)
        return data

    def pipe_file(self, path: str, value: bytes, **options: Any) -> Any:
        self._note(f"write {path}")
        return super().pipe_file(path, value, **options)

    @classmethod
    def reads(cls) -> list[str]:
        return [call for call in cls.calls if call.startswith("read")]


fsspec.register_implementation(SCHEME, CountingFileSystem, clobber=True)


def put(name: str, content: bytes) -> None:
    """Write an object without counting that; any name is taken, as by a server."""
    path = f"/bucket/{name}"
    CountingFileSystem.store[path] = MemoryFile(CountingFileSystem(), path, content)


def npy(values: np.ndarray[Any, Any]) -> bytes:
    """Return an array as numpy saves it."""
    made = io.BytesIO()
    np.save(made, values)
    return made.getvalue()


def numbers(n_points: int, n_dims: int = 8, seed: int = 0) -> np.ndarray[Any, Any]:
    """Return vectors."""
    return np.random.default_rng(seed).normal(size=(n_points, n_dims)).astype(np.float32)
