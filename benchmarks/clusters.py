"""Clusters and their names beside scikit-learn's HDBSCAN and the hdbscan package.

    python benchmarks/clusters.py --points 100000
    python benchmarks/clusters.py --points 1000000 --only projector
    python benchmarks/clusters.py --points 1000000 --dims 128 --only landmarks

Each program runs in a process of its own, so that its memory and processor time are its own. The
data is a planted hierarchy with noise: areas, topics in them, a text for each point. The score is
the adjusted Rand index against the topics, of the points that are in a cluster. The neighbor graph
is timed apart: projector shares it with t-SNE, UMAP and search. The hdbscan package is measured
where it is installed. "landmarks" is projector without a stored graph: more than 200,000 points are
then clustered by a sample of them.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from projector.api.result_store import default_cache
from projector.jobs.cache import ResultCache
from projector.typing import AnyArray

N_AREAS, N_TOPICS = 20, 5
NOISE = 0.2
PROGRAMS = ("projector", "landmarks", "scikit-learn", "hdbscan")


def planted(n_points: int, n_dims: int) -> tuple[AnyArray, AnyArray]:
    """Return vectors and the topic of each, -1 for noise."""
    rng = np.random.default_rng(0)
    areas = rng.normal(size=(N_AREAS, n_dims))
    topics = np.repeat(areas, N_TOPICS, axis=0)
    topics = topics + 0.7 * rng.normal(size=topics.shape)
    topic = rng.integers(0, len(topics), n_points)
    spread = rng.gamma(4, 0.08, (n_points, 1))
    vectors = topics[topic] + rng.normal(size=(n_points, n_dims)) * spread
    is_noise = rng.random(n_points) < NOISE
    vectors[is_noise] = rng.normal(size=(int(is_noise.sum()), n_dims))
    return vectors.astype(np.float32), np.where(is_noise, -1, topic)


def texts_of(topic: AnyArray) -> list[str]:
    """Return a text for each point: usual words, and two of its topic."""
    rng = np.random.default_rng(1)
    usual = [f"usual{i}" for i in range(60)]
    words = rng.integers(0, len(usual), (len(topic), 8))
    own = rng.integers(0, 6, (len(topic), 2))
    return [
        " ".join([*(usual[w] for w in some), *(f"topic{t}word{o}" for o in two if t >= 0)])
        for some, two, t in zip(words.tolist(), own.tolist(), topic.tolist(), strict=True)
    ]


def projector_phases(
    vectors: AnyArray, topic: AnyArray, cache: ResultCache, *, has_graph: bool
) -> tuple[dict[str, Any], AnyArray]:
    """Time the graph, where there is one, the clusters and the names."""
    from projector.api.clusters.clusters import named_clusters
    from projector.api.clusters.names import naming_columns
    from projector.api.clusters.search import found_clusters
    from projector.api.clusters.settings import cluster_settings
    from projector.api.neighbors import Graphs
    from projector.model.dataset import Dataset
    from projector.model.progress import ignore_progress

    data = Dataset(vectors)
    settings = cluster_settings()
    # Compiles all kernels, those of the approximate search, too.
    few = Dataset(vectors[:25_000])
    for each in (settings, replace(settings, n_landmarks=5000)):
        found_clusters(few, None, each, cache, ignore_progress)
    phases: dict[str, Any] = {}
    start = times()
    if has_graph:
        Graphs(cache).graph(data.vectors, data.content_hash, settings.n_neighbors, settings.metric)
        phases["graph"], start = since(start), times()
    found = found_clusters(data, None, settings, cache, ignore_progress)
    phases["clusters"] = since(start)
    named = data.with_metadata(Dataset(vectors, {"text": texts_of(topic)}).metadata)
    start = times()
    whole = named_clusters(found, naming_columns(named, "text"), ignore_progress)
    phases["names"] = since(start)
    right = sum("topic" in name.text for name in whole.names)
    phases["named by a planted word"] = f"{right} of {len(whole.names)}"
    return phases, whole.labels


def peer(name: str, vectors: AnyArray) -> tuple[dict[str, Any], AnyArray]:
    """Time another program on the same question."""
    least = max(5, round(len(vectors) ** 0.4))
    start = times()
    if name == "hdbscan":
        import hdbscan

        found = hdbscan.HDBSCAN(min_cluster_size=least, min_samples=5).fit(vectors)
    else:
        from sklearn.cluster import HDBSCAN

        found = HDBSCAN(min_cluster_size=least, min_samples=5, n_jobs=-1, copy=True).fit(vectors)
    return {"all": since(start)}, found.labels_


def times() -> tuple[float, float]:
    """Return seconds by the clock, and of processors."""
    return time.perf_counter(), time.process_time()


def since(start: tuple[float, float]) -> dict[str, float]:
    """Return the seconds since."""
    now = times()
    return {"seconds": round(now[0] - start[0], 2), "processor": round(now[1] - start[1], 2)}


def highest_memory(*, reset: bool = False) -> int:
    """Return the most memory that this process had, in kB; from now on with `reset` (Linux)."""
    if reset and Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(program: str, n_points: int, n_dims: int) -> dict[str, Any]:
    """Run one program in this process."""
    from sklearn.metrics import adjusted_rand_score

    vectors, topic = planted(n_points, n_dims)
    before = highest_memory(reset=True)
    if program == "projector":
        phases, labels = projector_phases(vectors, topic, default_cache(), has_graph=True)
    elif program == "landmarks":
        none = ResultCache(Path(), 0)
        phases, labels = projector_phases(vectors, topic, none, has_graph=False)
    else:
        phases, labels = peer(program, vectors)
    peak = highest_memory()
    inside = labels >= 0
    return {
        **phases,
        "clusters found": int(labels.max()) + 1,
        "adjusted Rand": round(float(adjusted_rand_score(topic[inside], labels[inside])), 3),
        "in none": round(float((~inside).mean()), 3),
        "MB above the data": round((peak - before) / 1024),
    }


def main() -> None:
    """Measure each program in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--dims", type=int, default=32)
    parser.add_argument("--only", choices=PROGRAMS)
    parser.add_argument("--python", default=sys.executable, help="for the hdbscan package")
    parser.add_argument("--inside", choices=PROGRAMS, help=argparse.SUPPRESS)
    parser.add_argument("--limit", type=int, default=300, help="seconds for each program")
    given = parser.parse_args()
    if given.inside:
        print(json.dumps(measure(given.inside, given.points, given.dims)))
        return
    for program in PROGRAMS if given.only is None else (given.only,):
        python = given.python if program == "hdbscan" else sys.executable
        command = [python, __file__, "--inside", program, "--points", str(given.points)]
        command += ["--dims", str(given.dims)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=given.limit, check=False
            )
        except subprocess.TimeoutExpired:
            print(f"{program}: more than {given.limit:,} s", flush=True)
            continue
        if "ModuleNotFoundError" in done.stderr:
            print(f"{program}: not installed", flush=True)
            continue
        last = (done.stdout or done.stderr).strip().splitlines()[-1:]
        print(f"{program}, {given.points:,} points: {last[0] if last else 'nothing'}", flush=True)


if __name__ == "__main__":
    main()
