"""Compares the engine with that of another checkout, in one run: `engine.py --against PATH`.

Each case is measured in processes of its own, ours and the other's in turn (A B, B A, ...), so that
what else the machine does meets both alike; read the median of the ratios, and how far they spread.
A process runs its case once to compile, then takes the best of `REPEATS`, in processor seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
#: Runs of a case in one process, of which the best counts, and pairs of processes.
REPEATS, PAIRS = 2, 5
#: A median ratio above this is more than rounding and what else the machine does.
LOUD = 1.1


def cases(vectors: Array) -> dict[str, Callable[[], object]]:
    """Return what is measured, by name; only what every version of the engine has.

    Parameters
    ----------
    vectors : ndarray of shape (n_points, 384), float32
    """
    from projector.api.nearest import nearest
    from projector.compute import METHODS, MethodInput
    from projector.compute.landmarks import place_among
    from projector.compute.linear.components import principal_components
    from projector.compute.neighbors.search import find_neighbors
    from projector.compute.quality.scores import measure_quality
    from projector.model.dataset import Dataset
    from projector.model.parameters import resolve

    reduced = np.ascontiguousarray(vectors[:, :50])
    flat = np.ascontiguousarray(vectors[:, :2])
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(200, 64))
    many = (centers[rng.integers(200, size=4 * len(vectors))]).astype(np.float32)
    many += rng.normal(size=many.shape).astype(np.float32)

    def layout(name: str, graph: Any, **given: object) -> None:
        method = METHODS[name]
        params = resolve(method.parameters, given, owner=name)
        method.run(MethodInput(reduced, params, graph, progress=lambda report: None))

    held = Dataset(vectors)

    def queries(metric: str) -> None:
        for at in range(0, len(vectors), max(1, len(vectors) // 40)):
            nearest(held, at, 10, metric=metric)

    def dataset(dtype: str) -> None:
        data = Dataset(vectors.astype(dtype))
        assert data.content_hash
        assert data.finite_rows.any()

    graphs: dict[int, Any] = {}

    def graph(k: int) -> Any:
        if k not in graphs:
            graphs[k] = find_neighbors(reduced, k)
        return graphs[k]

    return {
        "data set, float32": lambda: dataset("f4"),
        "data set, float64": lambda: dataset("f8"),
        "PCA, 50 components": lambda: principal_components(vectors, 50).scores(vectors),
        "neighbors, exact, cosine, k = 15": lambda: find_neighbors(vectors, 15, metric="cosine"),
        "neighbors, exact, 50 dimensions, k = 90": lambda: find_neighbors(reduced, 90),
        "neighbors, exact, manhattan, k = 15": lambda: find_neighbors(
            reduced, 15, metric="manhattan"
        ),
        "neighbors, exact, inner product, k = 15": lambda: find_neighbors(
            reduced, 15, metric="inner_product"
        ),
        "neighbors, a tree, 2 dimensions, k = 15": lambda: find_neighbors(flat, 15),
        "neighbors, approximate, 4 × points, k = 15": lambda: find_neighbors(many, 15),
        "nearest, euclidean, 40 queries": lambda: queries("euclidean"),
        "nearest, cosine, 40 queries": lambda: queries("cosine"),
        "nearest, inner product, 40 queries": lambda: queries("inner_product"),
        "UMAP, 100 epochs, graph given": lambda: layout("umap", graph(15), n_epochs=100),
        "t-SNE, 250 iterations, graph given": lambda: layout("tsne", graph(90), n_iter=250),
        "quality, k = 15, graph given": lambda: measure_quality(
            reduced, flat, k=15, neighbors=graph(15)
        ),
        "placing new points": lambda: place_among(reduced, reduced[::5], flat[::5]),
    }


def against(other: Path, vectors: Array, wanted: Sequence[str], *, pairs: int = PAIRS) -> None:
    """Print a table of ratios, ours to those of another checkout.

    Parameters
    ----------
    other : Path
        Its root.
    vectors : ndarray of shape (n_points, 384), float32
    wanted : sequence of str
        Words of which a case's name has one; empty for all cases.
    pairs : int
        Processes of each checkout for every case.
    """
    own = Path(__file__).resolve().parents[1]
    names = [each for each in cases(vectors) if not wanted or any(word in each for word in wanted)]
    n_points, n_dims = vectors.shape
    print(f"\n### Against {other.name}, {n_points:,} × {n_dims}: processor seconds\n")
    print("| | before | now | ratio | of each pair | |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.npy"
        np.save(path, vectors)
        for name in names:
            ratios: list[float] = []
            times: dict[Path, list[float]] = {own: [], other.resolve(): []}
            for pair in range(pairs):
                order = list(times) if pair % 2 else list(times)[::-1]
                for root in order:
                    times[root].append(_apart(root, name, path))
                ratios.append(times[own][-1] / times[other.resolve()][-1])
            middle = statistics.median(ratios)
            best = {root: min(each) for root, each in times.items()}
            spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
            said = "more" if middle > LOUD else "less" if middle < 1 / LOUD else ""
            print(
                f"| {name} | {best[other.resolve()]:.3f} | {best[own]:.3f} | {middle:.2f} "
                f"| {spread} | {said} |",
                flush=True,
            )


def _apart(root: Path, name: str, vectors: Path) -> float:
    """Measure one case with one checkout, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-W", "ignore", __file__, name, str(vectors)]
    ended = subprocess.run(
        command, cwd=root, env=environment, check=True, capture_output=True, text=True
    )
    found = json.loads(ended.stdout)
    assert Path(found["engine"]).is_relative_to(root), f"another engine: {found['engine']}"
    return float(found["seconds"])


def _measure(name: str, path: str) -> dict[str, object]:
    import projector

    work = cases(np.load(path))[name]
    work()
    best = float("inf")
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return {"seconds": best, "engine": projector.__file__}


def main() -> None:
    """Measure one case, and print it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("case")
    parser.add_argument("vectors")
    options = parser.parse_args()
    print(json.dumps(_measure(options.case, options.vectors)))


if __name__ == "__main__":
    main()
