"""What happens to a server during a soak: files are rewritten, workers die, the disk fills."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from soaking.known import MOST, Known
from soaking.served import Served


class Faults:
    """Does harm to a log directory and to a server, each kind in a thread of its own.

    Attributes
    ----------
    done : Counter
        How often each kind was done.
    """

    def __init__(self, logdir: Path, known: Known, seed: int) -> None:
        self.logdir, self._known = logdir, known
        self._random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self._version = 1
        for write in (self.rewrite_array, self.rewrite_table, self.remake_run):
            write()

    def rewrite_array(self) -> None:
        """Write an array over itself, as `np.save` does, and sometimes cut it short first."""
        self.logdir.mkdir(exist_ok=True)
        path = self.logdir / "rewritten.npy"
        if path.exists() and self._random.random() < 0.3:
            with contextlib.suppress(OSError):
                os.truncate(path, self._random.randrange(1 << 20))
        np.save(path, self._next())
        self.done["arrays rewritten"] += 1

    def rewrite_table(self) -> None:
        """Write a Parquet file over itself, and replace an array by renaming."""
        self.logdir.mkdir(exist_ok=True)
        vectors = self._next()
        cells = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
        names = pa.array([f"point {row}" for row in range(len(vectors))])
        pq.write_table(
            pa.table({"name": names, "vector": cells}), self.logdir / "rewritten.parquet"
        )
        part = self.logdir / ".renamed.part"
        with part.open("wb") as file:
            np.save(file, self._next())
        part.replace(self.logdir / "renamed.npy")
        self.done["tables rewritten"] += 1

    def remake_run(self) -> None:
        """Remove a run's folder and make it again, as a training script does at its start."""
        run = self.logdir / "run"
        shutil.rmtree(run, ignore_errors=True)
        run.mkdir(parents=True, exist_ok=True)
        np.save(run / "weights.npy", self._next())
        labels = "".join(f"{row}\n" for row in range(len(self._known.base)))
        (run / "metadata.tsv").write_text(labels)
        self.done["folders made again"] += 1

    def kill_worker(self, served: Served) -> None:
        """Kill one of the server's processes."""
        workers = served.workers()
        if workers:
            with contextlib.suppress(psutil.Error):
                self._random.choice(workers).send_signal(
                    self._random.choice([signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS])
                )
                self.done["workers killed"] += 1

    def fill_disk(self, served: Served, stop: threading.Event) -> None:
        """Fill the temporary disk to the last byte for a while, then free it."""
        ballast = served.disk / "ballast"
        try:
            with ballast.open("wb") as file:
                while not stop.is_set():
                    file.write(bytes(1 << 20))
        except OSError:
            self.done["disk filled"] += 1
        stop.wait(4)
        with contextlib.suppress(OSError):
            ballast.unlink()

    def start(self, served: Served, stop: threading.Event) -> list[threading.Thread]:
        """Start all kinds; they end soon after `stop` is set."""
        kinds: list[tuple[Callable[[], None], float]] = [
            (self.rewrite_array, 1.0),
            (self.rewrite_table, 2.0),
            (self.remake_run, 3.0),
            (lambda: self.kill_worker(served), 5.0),
        ]
        if served.has_small_disk:
            kinds.append((lambda: self.fill_disk(served, stop), 20.0))
        threads = [
            threading.Thread(target=_repeat, args=(work, pause, stop), daemon=True)
            for work, pause in kinds
        ]
        for thread in threads:
            thread.start()
        return threads

    def _next(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        self._version = self._version % MOST + 1
        return self._known.version(self._version)


def _repeat(work: Callable[[], None], pause: float, stop: threading.Event) -> None:
    while not stop.wait(pause):
        work()
