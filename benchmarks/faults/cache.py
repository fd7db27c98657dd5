"""Faults of the cache on disk: damaged, swapped and foreign entries."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

import projector
from faults.trial import Outcome, Trial
from projector.jobs.cache import ResultCache
from projector.typing import AnyArray

_POINTS = np.random.default_rng(0).normal(size=(60, 6)).astype(np.float32)


def damages(content: bytes, other: bytes, rng: random.Random) -> bytes:
    """Return bytes with one damage of a random kind."""
    found = bytearray(content)
    at = rng.randrange(len(found))
    stop = at + rng.choice((1, 2, 16, 300, 4096))
    kinds: tuple[Callable[[], object], ...] = (
        lambda: found.__setitem__(at, found[at] ^ (1 << rng.randrange(8))),
        lambda: found.__setitem__(slice(at, stop), rng.randbytes(len(found[at:stop]))),
        lambda: found.__setitem__(slice(at, stop), bytes(len(found[at:stop]))),
        lambda: found.__delitem__(slice(at, None)),
        lambda: found.__delitem__(slice(at, stop)),
        lambda: found.__setitem__(slice(at, at), rng.randbytes(stop - at)),
        lambda: found.__setitem__(slice(at, None), other[at:]),
        lambda: found.__setitem__(slice(None), other),
    )
    kinds[rng.randrange(len(kinds))]()
    return bytes(found)


def _entries(folder: Path) -> list[AnyArray]:
    """Compute one result of every kind, or take it from the cache."""
    cache = ResultCache(folder)
    found = projector.project(_POINTS, "pca", cache=cache)
    again = projector.project(_POINTS, "umap", n_epochs=20, n_neighbors=6, cache=cache)
    judged = projector.quality(_POINTS, found, k=5, cache=cache)
    return [found.positions, again.positions, judged.scores.overlap]


def _damaged() -> Outcome:
    """Every read of a damaged entry is a miss, or what was stored."""
    outcome, rng = Outcome(), random.Random(11)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _entries(folder)
        cache = ResultCache(folder)
        whole = {path: path.read_bytes() for path in sorted(folder.iterdir())}
        known = {path: cache.get(path.stem) for path in whole}
        paths = list(whole)
        for turn in range(6000):
            path, other = paths[turn % len(paths)], paths[(turn + 1) % len(paths)]
            path.write_bytes(damages(whole[path], whole[other], rng))
            try:
                found = cache.get(path.stem)
            except Exception as error:  # noqa: BLE001 - what the trial looks for
                outcome.count(False, f"{type(error).__name__}: {error}")
                continue
            expected = known[path]
            same = found is None or (
                expected is not None
                and found.about == expected.about
                and found.arrays.keys() == expected.arrays.keys()
                and all(
                    found.arrays[name].tobytes() == array.tobytes()
                    and found.arrays[name].dtype == array.dtype
                    for name, array in expected.arrays.items()
                )
            )
            outcome.count(same, f"a wrong hit of {path.name}")
    return outcome


def _recomputed() -> Outcome:
    """Answers stay what they were, however many entries are damaged."""
    outcome, rng = Outcome(), random.Random(12)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        expected = _entries(folder)
        for _ in range(40):
            whole = {path: path.read_bytes() for path in sorted(folder.iterdir())}
            for path, content in whole.items():
                other = rng.choice(list(whole.values()))
                path.write_bytes(damages(content, other, rng))
            try:
                for one, before in zip(_entries(folder), expected, strict=True):
                    outcome.count(np.array_equal(one, before), "another result")
            except Exception as error:  # noqa: BLE001 - what the trial looks for
                outcome.count(False, f"{type(error).__name__}: {error}")
    return outcome


TRIALS = (
    Trial(
        "A damaged cache entry is never a wrong hit and never an error",
        "flipped, overwritten, cut, lengthened, zeroed, swapped entries of every kind",
        _damaged,
    ),
    Trial(
        "… its work is done again with the same result",
        "all entries damaged, then a projection, a graph and a quality",
        _recomputed,
    ),
)
