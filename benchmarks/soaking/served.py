"""A server in a process of its own, on a small temporary disk that can be filled."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil
from small_disk import on_small_disk, seen_from_outside

#: The size of the temporary disk: room for the private copies, and quickly filled.
DISK = 192 << 20


@dataclass(frozen=True)
class Sample:
    """What the server's processes hold at one moment.

    Attributes
    ----------
    memory : int
        Bytes of the server alone that belong to no other process (USS).
    descriptors, threads : int
        Of the server alone.
    workers : int
        Processes that it started.
    files, file_bytes : int
        What is in the temporary folder and the cache of results.
    """

    memory: int
    descriptors: int
    threads: int
    workers: int
    files: int
    file_bytes: int


class Served:
    """``python -m projector`` on a log directory.

    Its temporary folder is a file system of `DISK` bytes in a mount namespace of its own where
    the system permits that; `has_small_disk` says so.
    """

    def __init__(self, logdir: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="soak-"))
        self._errors = (self.folder / "stderr").open("w+b")
        for limited in (True, False):
            self.has_small_disk = limited
            self._process = self._start(logdir)
            assert self._process.stdout is not None, "started with a pipe"
            line = self._process.stdout.readline().decode()
            if line:
                break
            self._process.wait()
        self.url = line.split(maxsplit=1)[1].strip()
        self._watched = psutil.Process(self._server_pid())

    def _start(self, logdir: Path) -> subprocess.Popen[bytes]:
        disk = self.folder / "disk"
        disk.mkdir(exist_ok=True)
        serve = [sys.executable, "-m", "projector", "--logdir", str(logdir)]
        serve += ["--port", "0", "--no-open"]
        if self.has_small_disk:
            serve = on_small_disk(serve, disk, DISK)
        paths = {"TMPDIR": str(disk), "PROJECTOR_CACHE_DIR": str(disk / "cache")}
        environment = {**os.environ, **paths, "PROJECTOR_CACHE_BYTES": str(32 << 20)}
        try:
            return subprocess.Popen(
                serve, stdout=subprocess.PIPE, stderr=self._errors, env=environment
            )
        except FileNotFoundError:  # no unshare on this system
            return subprocess.Popen(["true"], stdout=subprocess.PIPE)

    def _server_pid(self) -> int:
        """Return the server's process: `unshare` and the shell have become it."""
        return self._process.pid

    @property
    def disk(self) -> Path:
        """The temporary folder as this process sees it."""
        outside = self.folder / "disk"
        if not self.has_small_disk:
            return outside
        return seen_from_outside(outside, self._watched.pid)

    def is_alive(self) -> bool:
        """Return whether the server still runs."""
        return self._process.poll() is None

    def workers(self) -> list[psutil.Process]:
        """Return the processes that the server started."""
        with contextlib.suppress(psutil.Error):
            return list(self._watched.children(recursive=True))
        return []

    def sample(self) -> Sample:
        """Measure what it holds now."""
        files = n_bytes = 0
        for folder, _, names in os.walk(self.disk):
            for name in names:
                if name != "ballast":
                    with contextlib.suppress(OSError):
                        n_bytes += os.lstat(os.path.join(folder, name)).st_size
                        files += 1
        with self._watched.oneshot():
            return Sample(
                self._watched.memory_full_info().uss,
                self._watched.num_fds(),
                self._watched.num_threads(),
                len(self.workers()),
                files,
                n_bytes,
            )

    def stderr(self) -> str:
        """Return what it wrote to standard error."""
        self._errors.flush()
        return (self.folder / "stderr").read_text(errors="replace")

    def close(self) -> int:
        """Stop it as Ctrl-C does, and return its exit code."""
        self._process.send_signal(signal.SIGINT)
        try:
            code = self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return code
