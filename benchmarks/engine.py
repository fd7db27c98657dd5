"""Compares the engine with other libraries, in one run on one machine: read the ratios.

    python benchmarks/engine.py                       all tables at 10,000 points
    python benchmarks/engine.py umap tsne --points 3000
    python benchmarks/engine.py strategy large --points 100000
    python benchmarks/engine.py cold                  first runs on a freshly installed machine
    python benchmarks/engine.py --against ../before   this checkout and another one, in turn
    python benchmarks/engine.py --against ../before --cases nearest quality --pairs 9

Every row is measured in turn, ours and theirs, after one short run of each that compiles; the
better of two for what takes less than 20 seconds. Processor seconds are steadier than wall
seconds where a machine is shared.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from engine_against import PAIRS, against
from engine_data import text_vectors
from numpy.typing import NDArray

from projector.compute import METHODS, MethodInput
from projector.compute.linear.components import principal_components
from projector.compute.neighbors.search import find_neighbors
from projector.compute.quality.scores import measure_quality
from projector.compute.tsne.affinities import joint_probabilities
from projector.compute.tsne.descent import Descent
from projector.model.neighbors import Neighbors
from projector.model.parameters import resolve
from projector.model.progress import Progress

Array = NDArray[np.float32]


@dataclass
class Row:
    """One program of a table."""

    name: str
    wall: float
    processor: float
    result: Any
    note: str = ""


def measure(name: str, work: Callable[[], Any], *, once: bool = False) -> Row:
    """Run `work`, twice where it is short, and keep the better time."""
    best = Row(name, float("inf"), float("inf"), None)
    for _ in range(1 if once else 2):
        wall, processor = time.perf_counter(), time.process_time()
        result = work()
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        if wall < best.wall:
            best = Row(name, wall, processor, result)
        if wall > 20:
            break
    return best


def show(title: str, rows: list[Row]) -> None:
    """Print a table in which the first row is ours and the ratios are to it."""
    print(f"\n### {title}\n")
    print("| | wall s | processor s | wall ratio | processor ratio | |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        ratios = f"{row.wall / rows[0].wall:.1f} | {row.processor / rows[0].processor:.1f}"
        print(f"| {row.name} | {row.wall:.2f} | {row.processor:.2f} | {ratios} | {row.note} |")
    sys.stdout.flush()


def project(
    name: str, vectors: Array, *, neighbors: Neighbors | None = None, **given: object
) -> tuple[Array, int]:
    """Run one of our methods; return positions and the number of frames that were shown."""
    frames = 0

    def count(progress: Progress) -> None:
        nonlocal frames
        if progress.positions is not None:
            progress.positions.copy()
            frames += 1

    method = METHODS[name]
    params = resolve(method.parameters, given, owner=name)
    outcome = method.run(MethodInput(vectors, params, neighbors, progress=count))
    return outcome.positions, frames


def pca(vectors: Array) -> None:
    """All variances and 50 components."""
    from sklearn.decomposition import PCA

    rows = [measure("projector", lambda: principal_components(vectors, 50).scores(vectors))]
    for solver in ("covariance_eigh", "randomized"):
        theirs = PCA(50, svd_solver=solver, random_state=0)
        rows.append(measure(f"scikit-learn, {solver}", partial(theirs.fit_transform, vectors)))
        error = np.abs(np.abs(rows[-1].result[:, :10]) - np.abs(rows[0].result[:, :10])).max()
        rows[-1].note = f"largest difference {error / np.abs(rows[0].result).max():.0e}"
    show(f"PCA, {vectors.shape[0]:,} × {vectors.shape[1]}", rows)


def _flat(unit: Array, k: int) -> NDArray[Any]:
    import faiss

    found: NDArray[Any] = faiss.knn(unit, unit, k + 1)[1][:, 1:]
    return found


def _descend(unit: Array, k: int) -> NDArray[Any]:
    from pynndescent import NNDescent

    index = NNDescent(unit, "cosine", n_neighbors=k + 1, random_state=0)
    # The first is the point itself: the others are what is compared.
    found: NDArray[Any] = index.neighbor_graph[0][:, 1:]
    return found


def neighbors(vectors: Array) -> None:
    """Search the graphs for UMAP and for t-SNE, under cosine."""
    unit = vectors / np.maximum(1e-12, np.linalg.norm(vectors, axis=1, keepdims=True))
    unit = np.ascontiguousarray(unit[np.abs(vectors).max(axis=1) > 0], np.float32)
    _descend(unit[:5000], 15)
    for k in (15, 90):
        rows = [
            measure("projector", partial(find_neighbors, unit, k, metric="cosine")),
            measure("faiss, flat", partial(_flat, unit, k)),
            measure("pynndescent, warm", partial(_descend, unit, k)),
        ]
        rows[0].note = f"recall {rows[0].result.recall:.3f}"
        for row in rows[1:]:
            row.note = f"recall {_recall(unit, row.result[:, :k], k):.3f}"
        show(f"Neighbors, {unit.shape[0]:,} × {unit.shape[1]}, cosine, k = {k}", rows)


def _recall(unit: Array, found: NDArray[Any], k: int) -> float:
    import faiss

    sample = np.random.default_rng(0).choice(len(unit), min(len(unit), 300), replace=False)
    true = np.sort(faiss.knn(unit[sample], unit, k + 1)[0], axis=1)[:, -1:]
    far = ((unit[sample, None, :] - unit[found[sample]]) ** 2).sum(axis=2)
    return float((far <= true * (1 + 1e-4) + 1e-6).mean())


def umap(vectors: Array) -> None:
    """From array to layout, with the same guarantee: a seed."""
    reference = _umap_learn()
    ours = measure("projector, seeded, 2 threads", lambda: project("umap", vectors))
    theirs = [
        measure(
            "umap-learn, seeded",
            lambda: reference.UMAP(random_state=0).fit_transform(vectors),
            once=True,
        ),
        measure("umap-learn, no seed", lambda: reference.UMAP().fit_transform(vectors), once=True),
    ]
    ours.result, frames = ours.result
    rows = [ours, *theirs]
    graph = find_neighbors(vectors, 15)
    for row in rows:
        means = measure_quality(vectors, row.result, neighbors=graph).scores.means()
        row.note = f"trustworthiness {means['trustworthiness']:.3f}, overlap {means['overlap']:.3f}"
    ours.note += f", {frames} frames"
    show(f"UMAP, {vectors.shape[0]:,} × {vectors.shape[1]}, 15 neighbors", rows)


def tsne(vectors: Array) -> None:
    """From array to layout, with the divergence summed over all pairs for everybody."""
    import openTSNE
    from sklearn.manifold import TSNE

    ours = measure("projector", lambda: project("tsne", vectors))
    ours.result, frames = ours.result
    rows = [
        ours,
        measure(
            "openTSNE, default",
            lambda: np.array(openTSNE.TSNE(random_state=0, n_jobs=2).fit(vectors), np.float32),
            once=True,
        ),
    ]
    if len(vectors) <= MOST_OF_SKLEARN:
        theirs = TSNE(random_state=0, n_jobs=2, max_iter=750)
        run = partial(theirs.fit_transform, vectors)
        rows.append(measure("scikit-learn, 750 iterations", run, once=True))
    joint = joint_probabilities(find_neighbors(vectors, 90), [30.0])
    for row in rows:
        divergence = Descent(joint, row.result.astype(np.float32), exact=True).divergence()
        row.note = f"KL divergence {divergence:.3f}"
    ours.note += f", {frames} frames"
    show(f"t-SNE, {vectors.shape[0]:,} × {vectors.shape[1]}, perplexity 30", rows)


def both(vectors: Array) -> None:
    """UMAP, then t-SNE on the same data: one neighbor search serves both."""
    import openTSNE

    reference = _umap_learn()

    def ours() -> None:
        graph = find_neighbors(vectors, 90)
        project("umap", vectors, neighbors=graph)
        project("tsne", vectors, neighbors=graph)

    def theirs() -> None:
        reference.UMAP(random_state=0).fit_transform(vectors)
        openTSNE.TSNE(random_state=0, n_jobs=2).fit(vectors)

    rows = [measure("projector", ours), measure("umap-learn, openTSNE", theirs, once=True)]
    show(f"UMAP then t-SNE, {vectors.shape[0]:,} × {vectors.shape[1]}", rows)


def quality(vectors: Array) -> None:
    """Four scores of every point, for a projection and two baselines."""
    from sklearn.manifold import trustworthiness

    positions = np.ascontiguousarray(vectors[:, :2])
    graph = find_neighbors(vectors, 15)
    rows = [
        measure("projector", lambda: measure_quality(vectors, positions, neighbors=graph)),
        measure(
            "scikit-learn, trustworthiness only",
            lambda: trustworthiness(vectors, positions, n_neighbors=15),
        ),
    ]
    found = rows[0].result.scores.means()["trustworthiness"]
    rows[0].note, rows[1].note = f"{found:.4f}", f"{rows[1].result:.4f}"
    show(f"Quality, {vectors.shape[0]:,} × {vectors.shape[1]}, k = 15", rows)


def frames(vectors: Array) -> None:
    """Measure what it costs to copy the positions of every step."""
    graph = find_neighbors(vectors, 90)
    print(f"\n### Frames, {vectors.shape[0]:,} × {vectors.shape[1]}, neighbors given\n")
    print("| | processor s without | with | frames | more |\n|---|---|---|---|---|")
    for name, given in {"umap": {"n_epochs": 200}, "tsne": {"n_iter": 250}}.items():
        method = METHODS[name]
        params = resolve(method.parameters, given, owner=name)
        quiet, shown, count = float("inf"), float("inf"), 0
        for _ in range(3):
            began = time.process_time()
            method.run(MethodInput(vectors, params, graph, progress=lambda progress: None))
            between = time.process_time()
            count = project(name, vectors, neighbors=graph, **given)[1]
            quiet = min(quiet, between - began)
            shown = min(shown, time.process_time() - between)
        more = f"{shown / quiet - 1:+.1%}"
        print(f"| {method.title} | {quiet:.2f} | {shown:.2f} | {count} | {more} |", flush=True)


def strategy(vectors: Array) -> None:
    """Which search is chosen by size, dimensions and k, and what the other one would cost."""
    print("\n### Neighbors: which search\n")
    print("| n_points | n_dims | k | chosen | processor s | exact would take | recall |")
    print("|---|---|---|---|---|---|---|")
    reduced = principal_components(vectors, 50).scores(vectors)
    for n_points in (10_000, 20_000, 50_000, 100_000):
        for data in (reduced, vectors):
            some = data[:n_points]
            for k in (15, 90) if n_points == len(some) else ():
                print(_strategy_row(some, k), flush=True)


def _strategy_row(vectors: Array, k: int) -> str:
    from projector.compute.neighbors.exact import Search
    from projector.compute.neighbors.space import prepare

    row = measure("", partial(find_neighbors, vectors, k, metric="cosine"), once=True)
    kind = "exact" if row.result.exact else "approximate"
    # A tenth of the points, against all of them.
    search, tenth = Search(prepare(vectors, "cosine")), np.arange(0, len(vectors), 10)
    began = time.process_time()
    for start in range(0, len(tenth), 1024):
        search.of_points(tenth[start : start + 1024], k)
    exact = row.processor if row.result.exact else 10 * (time.process_time() - began)
    return (
        f"| {vectors.shape[0]:,} | {vectors.shape[1]} | {k} | {kind} | {row.processor:.1f} "
        f"| {exact:.1f} | {row.result.recall:.3f} |"
    )


def large(vectors: Array) -> None:
    """Compare UMAP and t-SNE with the libraries on data that takes these minutes."""
    import openTSNE

    reference = _umap_learn()
    rows = [
        measure("UMAP, projector, seeded", partial(project, "umap", vectors), once=True),
        measure("umap-learn, no seed", lambda: reference.UMAP().fit_transform(vectors), once=True),
    ]
    show(f"UMAP, {vectors.shape[0]:,} × {vectors.shape[1]}", rows)
    graph = find_neighbors(vectors, 90)
    positions = project("tsne", vectors, neighbors=graph, n_iter=750)[0]
    joint = joint_probabilities(graph, [30.0])
    start = np.asarray(positions, np.float64)
    embedding = openTSNE.TSNEEmbedding(
        start, _Affinities(joint), negative_gradient_method="fft", n_jobs=2, random_state=0
    )
    steps = 10

    def ours() -> None:
        descent = Descent(joint, positions.copy())
        for _ in range(steps):
            descent.step(exaggeration=1, learning_rate=len(positions), momentum=0.8)

    # Both from where our run ended: the last steps, on the widest layout, cost the most.
    rows = [
        measure("t-SNE, projector", ours),
        measure("openTSNE, FFT", lambda: embedding.optimize(steps, momentum=0.8, n_jobs=2)),
    ]
    show(f"t-SNE, {vectors.shape[0]:,} × {vectors.shape[1]}: {steps} steps from the end", rows)


class _Affinities:
    """What openTSNE asks of affinities."""

    def __init__(self, joint: Any) -> None:
        # openTSNE takes float64 alone.
        self.P = joint.astype(np.float64)


def browser(vectors: Array) -> None:
    """Compare UMAP with umap-js under Node, on at most 5,000 points."""
    some = vectors[:5000]
    with tempfile.TemporaryDirectory() as folder:
        np.ascontiguousarray(some, "<f4").tofile(f"{folder}/rows")
        script = (
            "const {UMAP} = require('umap-js'); const b = require('fs').readFileSync('rows');"
            f"const n = {len(some)}, d = {some.shape[1]}, x = [];"
            "for (let i = 0; i < n; i++) { const r = []; for (let j = 0; j < d; j++)"
            " r.push(b.readFloatLE(4 * (i * d + j))); x.push(r); }"
            "new UMAP({nNeighbors: 15}).fit(x); const u = process.cpuUsage();"
            "console.log((u.user + u.system) / 1e6);"
        )
        try:
            install = ["npm", "install", "--no-audit", "--no-fund", "umap-js@1.4.0"]
            subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError):
            print("\numap-js: skipped, as Node or its registry is missing.")
            return
        began = time.perf_counter()
        ended = subprocess.run(
            ["node", "-e", script], cwd=folder, check=True, capture_output=True, text=True
        )
        wall = time.perf_counter() - began
    rows = [
        measure("projector", partial(project, "umap", some)),
        Row("umap-js, Node", wall, float(ended.stdout), None),
    ]
    show(f"UMAP, {some.shape[0]:,} × {some.shape[1]}, compared with umap-js", rows)


def cold(vectors: Array) -> None:
    """First run of a fresh process with no compiled code on disk, and the next one."""
    print("\n### Cold start: 500 points, seconds from the start of the process\n")
    print("| | nothing compiled yet | compiled before |\n|---|---|---|")
    run = (
        "import numpy as np; from projector.compute import METHODS, MethodInput;"
        "from projector.model.parameters import resolve;"
        "x = np.random.default_rng(0).normal(size=(500, 20)).astype('f4'); m = METHODS[{0!r}];"
        "m.run(MethodInput(x, resolve(m.parameters, {1}, owner='')))"
    )
    learn = "import numpy as np, umap; umap.UMAP(n_epochs=20).fit(np.random.rand(500, 20))"
    opened = (
        "import numpy as np, openTSNE; openTSNE.TSNE(early_exaggeration_iter=10, n_iter=10)"
        ".fit(np.random.rand(500, 20))"
    )
    contestants = {
        "projector, PCA": run.format("pca", {}),
        "projector, UMAP": run.format("umap", {"n_epochs": 20}),
        "projector, t-SNE": run.format("tsne", {"n_iter": 20}),
        "umap-learn": learn,
        "openTSNE": opened,
    }
    for name, code in contestants.items():
        with tempfile.TemporaryDirectory() as cache:
            environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
            times = []
            for _ in range(2):
                began = time.perf_counter()
                command = [sys.executable, "-W", "ignore", "-c", code]
                subprocess.run(command, check=True, env=environment)
                times.append(time.perf_counter() - began)
        print(f"| {name} | {times[0]:.1f} | {times[1]:.1f} |", flush=True)


def _umap_learn() -> Any:
    """Import umap-learn and let it compile: what that costs is a table of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import umap

        umap.UMAP(n_epochs=5).fit(np.random.default_rng(0).normal(size=(500, 20)))
        umap.UMAP(n_epochs=5, random_state=0).fit(np.random.default_rng(0).normal(size=(500, 20)))
    return umap


#: Points up to which scikit-learn is asked: it takes half an hour for ten times as many.
MOST_OF_SKLEARN = 20_000
FURTHER = (frames, browser, strategy, large)
TABLES: dict[str, Callable[[Array], None]] = {
    each.__name__: each
    for group in ((pca, neighbors, umap, tsne, both, quality, cold), FURTHER)
    for each in group
}
#: Tables of reduced vectors: 50 components, as one would give t-SNE.
REDUCED = {"umap", "tsne", "both", "quality", "frames", "browser", "large"}
#: Tables that need a hundred thousand points, and are printed only where they are asked for.
LONG = {"strategy", "large"}


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], default=[])
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--against", type=Path, metavar="PATH", help="root of another checkout")
    parser.add_argument("--cases", nargs="*", default=[], help="words of the cases' names")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    options = parser.parse_args()
    if options.against is not None:
        some = text_vectors(options.points)
        against(options.against, some, options.cases, pairs=options.pairs)
        return
    warnings.simplefilter("ignore")
    vectors = text_vectors(options.points)
    small = vectors[:500]
    project("umap", small, n_epochs=5)
    project("tsne", np.tile(small, (3, 1)), n_iter=5)
    reduced = principal_components(vectors, 50).scores(vectors)
    for name in options.tables or [each for each in TABLES if each not in LONG]:
        TABLES[name](reduced if name in REDUCED else vectors)


if __name__ == "__main__":
    main()
