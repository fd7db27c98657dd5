"""Simulates data in parts on clusters of 10 to 1,000 workers, and checks itself on small ones.

    python benchmarks/scale.py [--check-only] [--rows 200000] [--dims 32] [--landmarks 20000]

Measures its constants here in processor seconds, runs the same work on LocalClusters of 1, 2 and 4
workers beside the simulation, and prints the tables of docs/scale.md. What share of a processor
the workers got meanwhile is what the kernel says (Linux). Needs projector[cluster].
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from made_parts import made_sources
from scale_model import Cluster, Costs, landmark_phases, pca_phases, work

import projector
from projector.api.partitioned import tasks
from projector.api.partitioned.part_file import PartAbout
from projector.api.partitioned.sources import PartSource, Sources
from projector.compute.linear.moments import Moments, components_from
from projector.jobs.executors.cluster import ClusterExecutor
from projector.machine.processors import at_most_processors, usable_processors

MOST_ROWS = 65_536
CHECKED = (1, 2, 4)
POINTS, WORKERS = (10**8, 10**9, 10**10), (10, 100, 1000)
#: Rows of a part in the simulated data: 128 MB of 32 dimensions.
PART_ROWS = 1_000_000
#: Where a worker no longer waits for the page cache: 10 Gbit/s between machines.
NETWORK = 1.25e9
#: What Dask starts its workers with. The threshold makes each large array new pages, which cost
#: as much as the arithmetic: constants are measured under it, too.
WORKER_ENVIRONMENT = {"MALLOC_TRIM_THRESHOLD_": "65536"}


class _NoWatch:
    def rows(self, count: int) -> None:
        """Take rows."""


def main() -> None:
    """Print constants, the check, and the tables."""
    if any(os.environ.get(name) != value for name, value in WORKER_ENVIRONMENT.items()):
        os.execve(
            sys.executable,
            [sys.executable, *sys.argv],
            {**os.environ, **WORKER_ENVIRONMENT},
        )
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--dims", type=int, default=32)
    parser.add_argument("--parts", type=int, default=16)
    parser.add_argument("--landmarks", type=int, default=20_000)
    parser.add_argument("--check-landmarks", type=int, default=500)
    parser.add_argument("--check-only", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="projector-") as folder:
        sources = _stored(options.rows, options.dims, options.parts, Path(folder) / "data")
        costs = _measured(sources, Path(folder))
        _print_costs(costs)
        _check(costs, sources, options.check_landmarks, Path(folder))
    if not options.check_only:
        _print_tables(costs, options.landmarks)


def _stored(n_points: int, n_dims: int, n_parts: int, folder: Path) -> Sources:
    """Write made rows as files, as data usually is: workers need not find this script."""
    from projector.api.partitioned.given_data import sources_of

    folder.mkdir()
    for part in made_sources(n_points, n_dims, n_parts).parts:
        rows = np.concatenate([each.copy() for _, each in part.chunks(MOST_ROWS)])
        np.save(folder / f"part-{part.first_row:012d}.npy", rows)
    return sources_of(projector.open_parts(folder), in_process=True)


def _measured(sources: Sources, folder: Path) -> Costs:
    """Measure every constant but those of the network, one processor at a time."""
    parts = sources.parts[:3]
    n_dims, n_rows = sources.n_dims, sum(part.n_rows for part in parts)
    watch = _NoWatch()
    rows = np.concatenate([each for _, each in sources.parts[0].chunks(MOST_ROWS)])
    moments = Moments.of(rows)
    components = components_from(moments, min(50, n_dims))

    def all_parts(task: Callable[[PartSource], Any]) -> float:
        return _middle(lambda: [task(part) for part in parts]) / n_rows

    def placed(n_landmarks: int) -> float:
        some = rows[:n_landmarks]
        laid_out = tasks.LaidOut(np.empty(0, np.int64), some, some[:, :2].copy(), "euclidean")
        assert laid_out.placing.step > 0
        return all_parts(
            lambda part: tasks.write_placed(watch, part, laid_out, MOST_ROWS, _target(folder, part))
        )

    with at_most_processors(1):
        few, many = 200, min(4_000, len(rows))
        at_few, at_many = placed(few), placed(many)
        slope = max(0.0, (at_many - at_few) / (many - few))
        of_moments = all_parts(lambda part: tasks.moments_of(watch, part, n_dims, MOST_ROWS))
        of_scores = all_parts(
            lambda part: tasks.write_scores(
                watch, part, components, 2, MOST_ROWS, _target(folder, part)
            )
        )
        of_draw = all_parts(lambda part: tasks.picked(watch, part, _one_row(part), MOST_ROWS))
        of_merge = _middle(lambda: moments + moments)
    n_laid_out = min(5_000, len(rows))
    layout = _middle(
        lambda: projector.project(rows[:n_laid_out], "umap", cache=_no_cache(folder)), 2
    )
    layout /= usable_processors()
    task, message, speed, start = _of_cluster()
    return Costs(
        n_dims=n_dims,
        moments=of_moments,
        project=of_scores,
        draw=of_draw,
        place=max(0.0, at_few - few * slope),
        place_landmark=slope,
        merge=of_merge,
        task=task,
        message=message,
        bytes_per_second=speed,
        layout=layout / n_laid_out,
        start=start,
    )


def _of_cluster() -> tuple[float, float, float, float]:
    """Return the seconds of a task and of a message, bytes a second, and seconds of the start."""
    with _client(1) as client:
        start = _middle(lambda: ClusterExecutor(client).close(), 3)
        executor = ClusterExecutor(client)
        n_tasks = 300

        def many() -> None:
            submitted = [executor.submit(tasks.added, 1, 1) for _ in range(n_tasks)]
            for each in executor.as_completed(submitted):
                each.result()

        task = _middle(many, 3) / n_tasks
        message = _middle(lambda: client.run(int), 10)
        value = np.zeros(1 << 23)
        speed = value.nbytes / _middle(lambda: executor.scatter(value), 5, time.perf_counter)
        executor.close()
    # By the scheduler to the worker: two hops.
    return task, message, 2 * speed, start


def _check(costs: Costs, sources: Sources, n_landmarks: int, folder: Path) -> None:
    n_points, n_parts = sources.n_points, len(sources.parts)
    processors = usable_processors()
    print(f"\n{n_points:,} x {sources.n_dims} in {n_parts} parts, {processors} processors\n")
    print("| workers | share of a processor | phase | simulated, s | measured, s |")
    print("|---|---|---|---|---|")
    params: dict[str, Any] = {"n_landmarks": n_landmarks, "n_epochs": 50}
    for n_workers in CHECKED:
        with _client(n_workers) as client:
            client.wait_for_workers(n_workers)
            # Workers import what they need once, which is no part of the model.
            rows, parts = 1_000 * n_workers, 4 * n_workers
            warm = _stored(rows, sources.n_dims, parts, folder / f"warm-{n_workers}")
            for method, given in (("pca", {}), ("umap", {**params, "n_landmarks": 100})):
                out = folder / f"warm-{method}-{n_workers}"
                projector.project(warm, method, executor=client, out=out, **given)
            found: dict[str, float] = {}
            shares: dict[str, float] = {}
            for method, given in (("pca", {"n_components": 2}), ("umap", params)):
                before = client.run(waited)
                out = folder / f"{method}-{n_workers}"
                made = projector.project(sources, method, executor=client, out=out, **given)
                seconds = made.details["seconds"]
                assert isinstance(seconds, dict)
                found |= {phase: float(str(took)) for phase, took in seconds.items()}
                shares[method] = _share(client, before)
        of_pca = pca_phases(costs, Cluster(n_workers, shares["pca"]), n_points, n_parts)
        cluster = Cluster(n_workers, shares["umap"])
        of_umap = landmark_phases(costs, cluster, n_points, n_parts, n_landmarks)
        for method, phase, simulated in (
            ("pca", "moments", of_pca["moments"]),
            ("pca", "projecting", of_pca["projecting"]),
            ("umap", "drawing landmarks", of_umap["drawing"]),
            ("umap", "placing", of_umap["placing"]),
        ):
            print(
                f"| {n_workers} | {shares[method]:.0%} | {phase} | {simulated:.2f} "
                f"| {found[phase]:.2f} |",
                flush=True,
            )


def waited() -> tuple[float, float]:
    """Return how long the threads of this process ran, and waited for a processor (Linux)."""
    ran = waiting = 0.0
    for thread in Path("/proc/self/task").iterdir():
        fields = (thread / "schedstat").read_text().split()
        ran, waiting = ran + float(fields[0]), waiting + float(fields[1])
    return ran, waiting


def _share(client: Any, before: dict[str, tuple[float, float]]) -> float:
    """Return the share of a processor that workers got while they wanted one, since `before`."""
    after = client.run(waited)
    ran = sum(after[each][0] - before[each][0] for each in before)
    waiting = sum(after[each][1] - before[each][1] for each in before)
    return float(ran / max(1.0, ran + waiting))


def _print_costs(costs: Costs) -> None:
    print("| constant | value |")
    print("|---|---|")
    for what, value in (
        ("a row through moments, reading included", f"{1e6 * costs.moments:.3f} µs"),
        ("a row projected and written", f"{1e6 * costs.project:.3f} µs"),
        ("a row read to draw landmarks", f"{1e6 * costs.draw:.3f} µs"),
        ("a row placed and written, without landmarks", f"{1e6 * costs.place:.3f} µs"),
        ("a row and a landmark", f"{1e9 * costs.place_landmark:.3f} ns"),
        ("a merge of two moments", f"{1e6 * costs.merge:.1f} µs"),
        ("a landmark in the layout", f"{1e3 * costs.layout:.2f} ms"),
        ("a task at client and scheduler", f"{1e3 * costs.task:.2f} ms"),
        ("a message", f"{1e3 * costs.message:.2f} ms"),
        ("between two processes", f"{costs.bytes_per_second / 1e6:,.0f} MB/s"),
        ("the start", f"{costs.start:.2f} s"),
    ):
        print(f"| {what} | {value} |")


def _print_tables(costs: Costs, n_landmarks: int) -> None:
    costs = replace(costs, bytes_per_second=min(costs.bytes_per_second, NETWORK))
    print(f"\nSimulated: {costs.n_dims} dimensions, {PART_ROWS:,} rows a part\n")
    print("| method | points | parts | workers | seconds | of the ideal | most of the rest |")
    print("|---|---|---|---|---|---|---|")
    for name, landmarks in (("pca", None), (f"umap, {n_landmarks:,} landmarks", n_landmarks)):
        for n_points in POINTS:
            n_parts = n_points // PART_ROWS
            for n_workers in WORKERS:
                cluster = Cluster(n_workers)
                if landmarks is None:
                    phases = pca_phases(costs, cluster, n_points, n_parts)
                else:
                    phases = landmark_phases(costs, cluster, n_points, n_parts, landmarks)
                seconds = sum(phases.values())
                ideal = work(costs, n_points, landmarks) / n_workers
                rest = _largest_rest(costs, cluster, phases, n_points, n_parts, ideal)
                print(
                    f"| {name} | {n_points:.0e} | {n_parts:,} | {n_workers:,} | {seconds:,.0f} "
                    f"| {ideal / seconds:.0%} | {rest} |"
                )


def _largest_rest(
    costs: Costs,
    cluster: Cluster,
    phases: dict[str, float],
    n_points: int,
    n_parts: int,
    ideal: float,
) -> str:
    """Return what takes most of the time that is not the ideal."""
    seconds = sum(phases.values())
    if seconds - ideal < 0.05 * seconds:
        return "–"
    names = ("layout", "broadcast", "start")
    alone: dict[str, float] = {name: phases[name] for name in names if name in phases}
    spread = seconds - sum(alone.values())
    # As if the scheduler took no time: what is left is parts that do not divide evenly.
    n_rounds = -(-n_parts // cluster.n_workers)
    even = ideal * n_rounds * cluster.n_workers / n_parts
    alone["too few parts"] = max(0.0, min(even, spread) - ideal)
    alone["scheduler"] = max(0.0, spread - even)
    return max(alone, key=lambda name: alone[name])


def _middle(
    work_once: Callable[[], object], times: int = 5, clock: Callable[[], float] = time.process_time
) -> float:
    """Return the middle one of some processor seconds, under the load that there is."""
    found = []
    for _ in range(times):
        started = clock()
        work_once()
        found.append(clock() - started)
    return statistics.median(found)


def _target(folder: Path, part: PartSource) -> tuple[Path, PartAbout]:
    about = PartAbout("measured", 0, part.first_row, part.n_rows, part.fingerprint)
    return folder / "measured.parquet", about


def _one_row(part: PartSource) -> Any:
    return np.array([part.first_row], np.int64)


def _no_cache(folder: Path) -> Any:
    from projector.jobs.cache import ResultCache

    return ResultCache(folder / "cache", 0)


@contextmanager
def _client(n_workers: int) -> Iterator[Any]:
    """Give a client of a cluster of this machine; both are closed."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


if __name__ == "__main__":
    main()
