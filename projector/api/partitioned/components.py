"""Principal components of points in parts: moments of each part, merged pairwise where they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from projector.api.partitioned import tasks
from projector.api.partitioned.phases import Phases
from projector.api.partitioned.sources import Sources
from projector.compute.linear.components import EXACT_LIMIT, PrincipalComponents
from projector.compute.linear.decomposition import POWER_PASSES
from projector.compute.linear.moments import (
    Moments,
    check_any,
    components_by_power,
    components_from,
    first_basis,
    next_basis,
)
from projector.jobs.executors.protocol import Executor
from projector.jobs.executors.reduction import reduce_in_tree


def components_of_parts(
    executor: Executor,
    sources: Sources,
    n_kept: int,
    *,
    random_state: int,
    most_rows: int,
    phases: Phases,
) -> tuple[PrincipalComponents, int]:
    """Find the principal components of all points; return also how many rows were left out.

    Notes
    -----
    One pass over the data; above `EXACT_LIMIT` dimensions `POWER_PASSES` more.
    """
    n_dims = sources.n_dims
    with phases.phase("moments", sources.n_points) as on_rows:
        submits = [
            partial(executor.submit, tasks.moments_of, part, n_dims, most_rows)
            for part in sources.parts
        ]
        moments: Moments = reduce_in_tree(executor, submits, tasks.added, on_rows)
    check_any(moments)
    if n_dims <= EXACT_LIMIT:
        return components_from(moments, n_kept), moments.n_left_out
    directions = first_basis(n_dims, n_kept, random_state)
    with phases.phase("components", POWER_PASSES * sources.n_points) as on_rows:
        for number in range(POWER_PASSES):
            mean, basis = executor.scatter(moments.mean), executor.scatter(directions)
            submits = [
                partial(executor.submit, tasks.power_of, part, mean, basis, most_rows)
                for part in sources.parts
            ]
            power = reduce_in_tree(
                executor,
                submits,
                tasks.added,
                _after(number * sources.n_points, on_rows),
            )
            if number + 1 < POWER_PASSES:
                directions = next_basis(power)
    return components_by_power(moments, directions, power, n_kept), moments.n_left_out


def _after(before: int, on_rows: Callable[[int], None]) -> Callable[[int], None]:
    return lambda done: on_rows(before + done)
