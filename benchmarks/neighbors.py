"""Recall of approximate neighbors against processor seconds, beside other libraries, in one run.

    python benchmarks/neighbors.py                         texts, 100,000 x 384
    python benchmarks/neighbors.py clusters --points 100000 --dims 384
    python benchmarks/neighbors.py clusters --points 1000000 --dims 128
    python benchmarks/neighbors.py clusters --only ours,descent

Libraries that are not installed are left out: pip install hnswlib usearch pynndescent. Each row is
the graph of the 15 nearest of every point, from the array, once; every library at several settings.
Recall is measured on 300 points, by distances: a tie counts as found.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from engine_data import text_vectors
from numpy.typing import NDArray

from projector.compute.neighbors.exact import Search
from projector.compute.neighbors.search import find_neighbors
from projector.compute.neighbors.space import prepare
from projector.compute.precompile import warm_up

Array = NDArray[np.float32]
Rows = Iterator[tuple[str, Callable[[], Any]]]
K = 15
THREADS = os.cpu_count() or 1


def clusters(n_points: int, n_dims: int) -> Array:
    """Return a thousand groups, each with some directions of its own that it varies along."""
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(1000, n_dims)) * 2
    found = np.empty((n_points, n_dims), np.float32)
    for start in range(0, n_points, 50_000):
        some = found[start : start + 50_000]
        some[:] = centers[rng.integers(1000, size=len(some))]
        some += rng.normal(size=(len(some), 12)) @ rng.normal(size=(12, n_dims)) * 0.5
        some += rng.normal(size=some.shape) * 0.3
    return found


def ours(vectors: Array) -> Rows:
    """Give the one setting that there is."""
    yield "projector", lambda: find_neighbors(vectors, K).indices


def faiss_indexes(vectors: Array) -> Rows:
    """Give faiss' graphs and inverted lists."""
    import faiss

    def hnsw(ef: int) -> Any:
        index = faiss.IndexHNSWFlat(vectors.shape[1], 16)
        index.hnsw.efConstruction = 100
        index.hnsw.efSearch = ef
        index.add(vectors)
        return index.search(vectors, K + 1)[1]

    def lists(n_probes: int) -> Any:
        n_lists = int(4 * len(vectors) ** 0.5)
        index = faiss.IndexIVFFlat(faiss.IndexFlatL2(vectors.shape[1]), vectors.shape[1], n_lists)
        index.train(vectors[:: max(1, len(vectors) // (40 * n_lists))])
        index.add(vectors)
        index.nprobe = n_probes
        return index.search(vectors, K + 1)[1]

    for n_probes in (8, 32):
        yield f"faiss IVF, nprobe {n_probes}", partial(lists, n_probes)
    for ef in (32, 128):
        yield f"faiss HNSW, ef {ef}", partial(hnsw, ef)


def hnswlib_graph(vectors: Array) -> Rows:
    """Give hnswlib."""
    import hnswlib

    def run(ef: int) -> Any:
        index = hnswlib.Index("l2", vectors.shape[1])
        index.init_index(len(vectors), ef_construction=100, M=16, random_seed=0)
        index.add_items(vectors, num_threads=THREADS)
        index.set_ef(ef)
        return index.knn_query(vectors, K + 1, num_threads=THREADS)[0]

    for ef in (32, 128):
        yield f"hnswlib, ef {ef}", partial(run, ef)


def usearch_graph(vectors: Array) -> Rows:
    """Give usearch."""
    from usearch.index import Index

    def run(expansion: int) -> Any:
        index = Index(ndim=vectors.shape[1], metric="l2sq", expansion_search=expansion)
        index.add(np.arange(len(vectors)), vectors, threads=THREADS)
        return index.search(vectors, K + 1, threads=THREADS).keys.astype(np.int64)

    for expansion in (64, 128):
        yield f"usearch, expansion {expansion}", partial(run, expansion)


def descent(vectors: Array) -> Rows:
    """Give pynndescent, compiled before."""
    from pynndescent import NNDescent

    def run(k: int) -> Any:
        index = NNDescent(vectors, n_neighbors=k + 1, random_state=0, n_jobs=THREADS)
        return index.neighbor_graph[0][:, : K + 1]

    NNDescent(vectors[:5000], n_neighbors=K + 1, random_state=0)
    for k in (K, 2 * K):
        yield f"pynndescent, asked for {k}", partial(run, k)


LIBRARIES = {
    "ours": ours,
    "descent": descent,
    "faiss": faiss_indexes,
    "hnswlib": hnswlib_graph,
    "usearch": usearch_graph,
}


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", nargs="?", choices=("texts", "clusters"), default="texts")
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--dims", type=int, default=384)
    parser.add_argument("--only", default=",".join(LIBRARIES), help="libraries, with commas")
    asked = parser.parse_args()
    if asked.data == "texts":
        vectors = text_vectors(asked.points)
        vectors = vectors[np.abs(vectors).max(axis=1) > 0]
        # Euclidean neighbors of unit vectors are those by cosine.
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    else:
        vectors = clusters(asked.points, asked.dims)
    warm_up()
    search = Search(prepare(vectors, "euclidean"))
    sample = np.sort(np.random.default_rng(1).choice(len(vectors), 300, replace=False))
    true = search.of_points(sample, K)[1][:, -1:]
    print(f"\n### {asked.data}, {vectors.shape[0]:,} × {vectors.shape[1]}, k = {K}\n")
    print("| | recall | processor s | wall s |\n|---|---|---|---|", flush=True)
    for library in (LIBRARIES[name] for name in asked.only.split(",")):
        try:
            for name, run in library(vectors):
                wall, processor = time.perf_counter(), time.process_time()
                found = np.asarray(run(), np.int64)[sample]
                wall, processor = time.perf_counter() - wall, time.process_time() - processor
                ranks = search.space.rank_pairs(sample, np.maximum(found, 0))
                ranks[(found == sample[:, None]) | (found < 0)] = np.inf
                share = (np.sort(ranks, axis=1)[:, :K] <= true * (1 + 1e-6)).mean()
                print(f"| {name} | {share:.4f} | {processor:.1f} | {wall:.1f} |", flush=True)
        except ImportError as error:
            print(f"| {library.__doc__} | not installed: {error.name} | | |", flush=True)


if __name__ == "__main__":
    main()
