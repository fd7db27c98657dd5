"""Serves under load while files are rewritten, workers are killed and the disk fills.

``python benchmarks/soak.py [--seconds 600]``: many clients ask a server whose log directory is
rewritten all the time. Every answer must be right or a clear refusal, and the server's memory,
descriptors, threads and temporary files must be flat. Prints both.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from soaking.clients import start_clients
from soaking.faults import Faults
from soaking.known import Known
from soaking.served import Sample, Served
from soaking.tally import Tally

#: Samples at the start that are not compared: caches and pools fill.
_WARM_UP = 0.25
#: A shorter soak says nothing about growth.
_LONG = 120.0
#: What may be added between the first and the last third: noise of caches that are full.
_SLACK = {
    "memory": 48 << 20,
    "descriptors": 40,
    "threads": 24,
    "workers": 3,
    "files": 60,
    "file_bytes": 64 << 20,
}


def grown(samples: list[Sample]) -> dict[str, tuple[float, float]]:
    """Return each measure's median early (after the warm-up) and late."""
    if not samples:
        return {}
    kept = samples[int(len(samples) * _WARM_UP) :]
    third = max(1, len(kept) // 3)
    return {
        name: (
            statistics.median(getattr(each, name) for each in kept[:third]),
            statistics.median(getattr(each, name) for each in kept[-third:]),
        )
        for name in _SLACK
    }


def soak(seconds: float, seed: int = 0) -> list[str]:
    """Run a soak, print its figures, and return what must not be."""
    known, tally, stop = Known(), Tally(), threading.Event()
    root = Path(tempfile.mkdtemp(prefix="soak-log-"))
    faults = Faults(root / "runs", known, seed)
    served = Served(faults.logdir)
    threads = [
        *start_clients(served.url, known, tally, stop, seed),
        *faults.start(served, stop),
    ]
    samples = []
    end = time.monotonic() + seconds
    while time.monotonic() < end and served.is_alive():
        time.sleep(min(2.0, seconds / 30))
        if served.is_alive():
            samples.append(served.sample())
    alive = served.is_alive()
    stop.set()
    for thread in threads:
        thread.join(timeout=150)
    errors = served.stderr()
    code = served.close()
    shutil.rmtree(root, ignore_errors=True)

    wrong = list(tally.wrong)
    if not alive or code != 0:
        wrong.append(f"the server ended with exit code {code}: {errors[-2000:]}")
    if "Traceback" in errors:
        wrong.append(f"a traceback: {errors[errors.index('Traceback') :][:3000]}")
    report(seconds, served, tally, faults, samples)
    wrong += [
        f"{name} grew from {before:,.0f} to {after:,.0f}"
        for name, (before, after) in grown(samples).items()
        if seconds >= _LONG and after - before > _SLACK[name]
    ]
    return wrong


def report(
    seconds: float, served: Served, tally: Tally, faults: Faults, samples: list[Sample]
) -> None:
    """Print what was done, answered and held."""
    disk = "a small disk" if served.has_small_disk else "the usual disk (no mount permitted)"
    print(f"{seconds:.0f} s on {disk}; done: {dict(faults.done)}\n")
    print(f"{'asked':16}{'answers':>9}{'refused':>9}")
    for what, count in sorted(tally.asked.items()):
        print(f"{what:16}{count:9,}{tally.refused[what]:9,}")
    print(f"\n{'held':16}{'early':>14}{'late':>14}{'most':>14}")
    for name, (before, after) in grown(samples).items():
        most = max(getattr(each, name) for each in samples)
        print(f"{name:16}{before:14,.0f}{after:14,.0f}{most:14,.0f}")
    print("\nrefusals:")
    for sentence, count in tally.sentences.most_common(25):
        print(f"{count:7,} {sentence}")


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    wrong = soak(given.seconds, given.seed)
    print(f"\nwrong: {len(wrong)}")
    for each in wrong[:40]:
        print(f"  {each}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
