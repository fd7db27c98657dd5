"""The numeric tests as on other machines; a command: ``python -m tests.portable [--quick]``.

What differs between machines and can be set on this one is set: the instructions that numba, numpy
and faiss may use, the threads of every pool, and the order of the tests, which is drawn at random.
A failure is repeated by the seed that is printed: ``--seed 12345 plain-1``.

OpenBLAS goes by the processor as always: which kernels a program names for it must never matter.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
#: Where layouts, neighbors and quality are computed; the rest of the suite has its own room.
PLACES = (
    "tests/compute",
    "tests/api/estimators",
    "tests/api/test_project.py",
    "tests/api/test_nearest.py",
    "tests/api/test_neighbors.py",
    "tests/api/test_quality.py",
    "tests/test_same_bytes.py",
)
POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "PYTHON_CPU_COUNT")


@dataclass(frozen=True)
class Setting:
    """What a machine is like."""

    is_plain: bool
    n_threads: int

    @property
    def name(self) -> str:
        return f"{'plain' if self.is_plain else 'own'}-{self.n_threads}"

    def environment(self) -> dict[str, str]:
        found = {**os.environ, **dict.fromkeys(POOLS, str(self.n_threads))}
        return found | plain_processor() if self.is_plain else found


SETTINGS = {
    each.name: each for each in (Setting(plain, n) for plain in (True, False) for n in (1, 2))
}
#: Furthest from the ordinary run, which is of this processor and all its threads.
QUICK = ("plain-1", "plain-2")


def plain_processor() -> dict[str, str]:
    """Return what keeps libraries to the instructions that every processor of this kind has."""
    # Only what is there: numpy warns of names that it cannot switch off.
    wider = np.show_config(mode="dicts")["SIMD Extensions"]["found"]
    # Kernels for another processor have a cache of their own, which lasts.
    cache = ROOT / ".pytest_cache" / "numba-plain"
    return {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CACHE_DIR": str(cache),
        "NPY_DISABLE_CPU_FEATURES": " ".join(wider),
        "FAISS_SIMD_LEVEL": "NONE",
        "FAISS_OPT_LEVEL": "generic",  # releases before 1.14
    }


def run(setting: Setting, *, seed: int, quick: bool) -> bool:
    """Run the tests under `setting`, print what they print, and say whether they passed."""
    command = [sys.executable, "-m", "pytest", "-q", *PLACES]
    command += ["--random-order-bucket", "global", "--random-order-seed", str(seed)]
    # Other runs may be under way: each keeps what pytest remembers to itself, and so nothing.
    command += ["-p", "no:cacheprovider", *(["-m", "not slow"] if quick else [])]
    began = time.perf_counter()
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=setting.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    took = time.perf_counter() - began
    print(f"== {setting.name}, seed {seed}: {took:.0f} s\n{ended.stdout}", flush=True)
    return ended.returncode == 0


def main() -> None:
    """Run the settings that are asked for, two at a time."""
    parser = argparse.ArgumentParser(description="Run the numeric tests as on other machines.")
    parser.add_argument("settings", nargs="*", choices=[*SETTINGS, []], default=[])
    parser.add_argument("--quick", action="store_true", help="a part, without the slow tests")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    names = options.settings or (QUICK if options.quick else SETTINGS)
    with ThreadPoolExecutor(2) as pool:
        passed = list(
            pool.map(
                lambda name: run(SETTINGS[name], seed=options.seed, quick=options.quick), names
            )
        )
    failed = [name for name, is_good in zip(names, passed, strict=True) if not is_good]
    if failed:
        again = f"python -m tests.portable --seed {options.seed}"
        sys.exit(f"{again} {'--quick ' * options.quick}{' '.join(failed)}")


if __name__ == "__main__":
    main()
