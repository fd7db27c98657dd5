"""How long data in parts takes on a cluster: a simulation of its queues, with measured costs.

Three things are queues. The scheduler, with the client behind it, takes one task after the other;
a worker works on one task at a time; the client reads results and lays out landmarks alone.
Everything else is spread over the workers.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from dataclasses import dataclass

from projector.jobs.executors.reduction import AHEAD


@dataclass(frozen=True)
class Costs:
    """Processor seconds of the pieces of work, for one number of dimensions.

    Attributes
    ----------
    n_dims : int
    moments, project, draw : float
        A row through `moments_of`, `write_scores` and `picked`: reading included.
    place, place_landmark : float
        A row through `write_placed`, and more for each landmark.
    merge : float
        The sum of two moments.
    task : float
        What a task costs client and scheduler.
    message : float
        What a report of progress, or a question to one worker, costs the scheduler.
    bytes_per_second : float
        From one process to another, serialized.
    layout : float
        A landmark in the layout.
    start : float
        Connecting, without the question to each worker.
    """

    n_dims: int
    moments: float
    project: float
    draw: float
    place: float
    place_landmark: float
    merge: float
    task: float
    message: float
    bytes_per_second: float
    layout: float
    start: float


@dataclass(frozen=True)
class Cluster:
    """Workers of one thread.

    Attributes
    ----------
    n_workers : int
    share : float
        Of a processor that each worker gets: less than 1 where they share them, or with others.
    reports : float
        Messages of progress in a second, from all together.
    """

    n_workers: int
    share: float = 1.0
    reports: float = 100.0

    @property
    def slowness(self) -> float:
        """How much longer everything takes because processors are shared."""
        return 1 / self.share


def mapped(n_tasks: int, seconds: float, service: float, n_workers: int) -> float:
    """Return the seconds of tasks that do not depend on each other.

    Parameters
    ----------
    n_tasks : int
    seconds : float
        Of each, on its worker.
    service : float
        Of each, at the scheduler, one after the other.
    n_workers : int
    """
    return _simulated(n_tasks, seconds, 0.0, service, n_workers, is_tree=False)


def reduced(n_tasks: int, seconds: float, merge: float, service: float, n_workers: int) -> float:
    """Return the seconds of tasks whose results are merged pairwise, see `mapped`.

    Parameters
    ----------
    n_tasks, seconds, service, n_workers
    merge : float
        Seconds of one merge on its worker, with the transfer of what is not there.
    """
    return _simulated(n_tasks, seconds, merge, service, n_workers, is_tree=True)


def _simulated(
    n_tasks: int, seconds: float, merge: float, service: float, n_workers: int, *, is_tree: bool
) -> float:
    widths = [n_tasks]
    while widths[-1] > 1:
        widths.append((widths[-1] + 1) // 2)
    done: set[tuple[int, int]] = set()
    ready: deque[tuple[int, int]] = deque((0, n) for n in range(min(n_tasks, AHEAD * n_workers)))
    next_leaf = len(ready)
    free = n_workers
    scheduler = now = 0.0
    at_worker: list[tuple[float, tuple[int, int]]] = []  # passed by the scheduler, in its order
    queue: deque[tuple[int, int]] = deque()
    ends: list[tuple[float, tuple[int, int]]] = []
    while ready or at_worker or queue or ends:
        while ready:
            scheduler = max(scheduler, now) + service
            heapq.heappush(at_worker, (scheduler, ready.popleft()))
        if at_worker and (not ends or at_worker[0][0] <= ends[0][0]):
            now, node = heapq.heappop(at_worker)
            queue.append(node)
        else:
            now, node = heapq.heappop(ends)
            free += 1
            if node[0] == 0 and next_leaf < n_tasks:
                ready.append((0, next_leaf))
                next_leaf += 1
            if is_tree:
                ready.extend(_merges(node, widths, done))
        while free and queue:
            node = queue.popleft()
            free -= 1
            heapq.heappush(ends, (now + (seconds if node[0] == 0 else merge), node))
    return now


def _merges(
    node: tuple[int, int], widths: list[int], done: set[tuple[int, int]]
) -> list[tuple[int, int]]:
    level, place = node
    while level + 1 < len(widths) and place ^ 1 >= widths[level]:
        level, place = level + 1, place // 2
    if (level, place ^ 1) in done:
        done.discard((level, place ^ 1))
        return [(level + 1, place // 2)]
    done.add((level, place))
    return []


def pca_phases(costs: Costs, cluster: Cluster, n_points: int, n_parts: int) -> dict[str, float]:
    """Return the seconds of the phases of a PCA."""
    rows = n_points / n_parts * cluster.slowness
    service = _service(costs, cluster)
    carried = 8 * costs.n_dims * costs.n_dims
    merge = costs.merge * cluster.slowness + carried / costs.bytes_per_second
    return {
        "start": _start(costs, cluster),
        "moments": reduced(n_parts, costs.moments * rows, merge, service, cluster.n_workers),
        "broadcast": broadcast(costs, cluster, 4.0 * 50 * costs.n_dims),
        "projecting": mapped(n_parts, costs.project * rows, service, cluster.n_workers),
    }


def landmark_phases(
    costs: Costs, cluster: Cluster, n_points: int, n_parts: int, n_landmarks: int
) -> dict[str, float]:
    """Return the seconds of the phases of a layout of landmarks, among which points are placed."""
    rows = n_points / n_parts * cluster.slowness
    service = _service(costs, cluster)
    carried = n_landmarks * (4.0 * costs.n_dims + 8)
    of_row = costs.place + costs.place_landmark * n_landmarks
    drawing = mapped(n_parts, costs.draw * rows, service, cluster.n_workers)
    return {
        "start": _start(costs, cluster),
        # The client receives the landmarks of all parts.
        "drawing": max(drawing, carried / costs.bytes_per_second),
        "layout": costs.layout * n_landmarks,
        "broadcast": broadcast(costs, cluster, carried),
        "placing": mapped(n_parts, of_row * rows, service, cluster.n_workers),
    }


def work(costs: Costs, n_points: int, n_landmarks: int | None) -> float:
    """Return the seconds that one worker needs for what is spread over all of them."""
    if n_landmarks is None:
        return n_points * (costs.moments + costs.project)
    return n_points * (costs.draw + costs.place + costs.place_landmark * n_landmarks)


def broadcast(costs: Costs, cluster: Cluster, n_bytes: float) -> float:
    """Return the seconds until all workers have a value: by the scheduler, then doubling."""
    hops = 2 + math.ceil(math.log2(max(1, cluster.n_workers)))
    return hops * n_bytes / costs.bytes_per_second + cluster.n_workers * costs.message


def _start(costs: Costs, cluster: Cluster) -> float:
    return costs.start + cluster.n_workers * costs.message


def _service(costs: Costs, cluster: Cluster) -> float:
    """Return what a task costs the scheduler, which takes reports of progress meanwhile."""
    reports = min(cluster.reports, float(cluster.n_workers))
    return costs.task * cluster.slowness / max(0.1, 1 - reports * costs.message)
