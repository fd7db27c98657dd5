"""How much of a training step's time `projector.Writer` takes: ``python benchmarks/writer.py``.

A training of matrix products, with and without a writer that gets 10 MB at each step, in turns.
Printed are the lower quartiles of all steps, as other programs only make them longer, and the
processor time that one step costs both threads, the least of some: copy, checksum and write.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np

import projector
from projector.typing import AnyArray

#: 10 MB of float32, as (n_points, n_dims).
SHAPE = (20_000, 128)
#: A product of the training.
SIDE = 512


class Training:
    """Steps of a length that is the same for all that are compared.

    Parameters
    ----------
    seconds : float
        Of one step, as near as the machine keeps to it.
    """

    def __init__(self, seconds: float) -> None:
        rng = np.random.default_rng(0)
        self._weights = rng.normal(size=(SIDE, SIDE)).astype(np.float32) / 23
        self._batch = rng.normal(size=(SIDE, SIDE)).astype(np.float32)
        self._rounds = 20
        best = min(self._passes() for _ in range(5))
        self._rounds = max(1, round(self._rounds * seconds / best))

    def _passes(self) -> float:
        began = time.perf_counter()
        batch = self._batch
        for _ in range(self._rounds):
            batch = np.tanh(batch @ self._weights)
        return time.perf_counter() - began

    def steps(self, count: int, give: Callable[[int], object]) -> list[float]:
        """Train some steps and return the seconds of each, with what is given at its end."""
        found = []
        for step in range(count):
            began = time.perf_counter()
            self._passes()
            give(step)
            found.append(time.perf_counter() - began)
        return found


def adder(stack: ExitStack, vectors: AnyArray, labels: list[str]) -> Callable[[int], object]:
    """Return what hands the vectors and the same labels to a new writer."""
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    log = stack.enter_context(projector.Writer(Path(folder)))
    return lambda step: log.add("encoder", vectors, step, metadata={"label": labels})


def cost(vectors: AnyArray, labels: list[str], count: int) -> tuple[float, float]:
    """Return the median seconds of `add`, and the least processor seconds of both threads."""
    waits, processor = [], []
    with tempfile.TemporaryDirectory() as folder, projector.Writer(Path(folder)) as log:
        for step in range(count):
            began, used = time.perf_counter(), time.process_time()
            log.add("encoder", vectors, step, metadata={"label": labels})
            waits.append(time.perf_counter() - began)
            log.flush()
            processor.append(time.process_time() - used)
    return statistics.median(waits), min(processor)


def main() -> None:
    """Print the share for steps of several lengths."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20, help="steps of each turn")
    parser.add_argument("--turns", type=int, default=4)
    parser.add_argument("--seconds", type=float, nargs="+", default=[0.1, 0.5, 1.0])
    options = parser.parse_args()
    vectors = np.random.default_rng(1).normal(size=SHAPE).astype(np.float32)
    labels = [str(row % 10) for row in range(len(vectors))]
    add, processor = cost(vectors, labels, 20)
    print(f"{vectors.nbytes / 1e6:.1f} MB at every step, with {len(labels):,} labels")
    print(f"add returns after {add * 1e3:.2f} ms; both threads compute {processor * 1e3:.2f} ms")
    print("| step | without | with | share of the step | of processor time |")
    print("|---|---|---|---|---|")
    for seconds in options.seconds:
        training = Training(seconds)
        without: list[float] = []
        own: list[float] = []
        for _ in range(options.turns):
            without += training.steps(options.count, lambda step: None)
            with ExitStack() as stack:
                own += training.steps(options.count, adder(stack, vectors, labels))
        before, after = (float(np.quantile(each, 0.25)) for each in (without, own))
        print(
            f"| {seconds:g} s | {before * 1e3:.1f} ms | {after * 1e3:.1f} ms "
            f"| {(after / before - 1) * 100:+.2f} % | {processor / before * 100:.2f} % |"
        )


if __name__ == "__main__":
    main()
