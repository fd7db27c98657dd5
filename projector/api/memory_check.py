"""Whether the work fits in memory: known before it starts, so that nothing is killed half-way."""

from __future__ import annotations

from collections.abc import Mapping

from projector.api.neighbors import graph_size
from projector.compute.method import Method
from projector.errors import TooLarge
from projector.model.parameters import Value

#: The interpreter, numpy and compiled kernels: what a process takes before it has any data.
_BASE = 256 << 20
#: Per point and neighbor: the graph (8 bytes), the symmetric affinities (about twice 12), and
#: the copies that sorting and transposing them take at their peak. Measured on t-SNE.
_PER_EDGE = 96
#: Per point: positions, gradients, gains, random states, the kept components of a PCA.
_PER_POINT = 512


def needed_bytes(method: Method, n_points: int, n_dims: int, settings: Mapping[str, Value]) -> int:
    """Estimate the peak memory of a projection, in bytes, from above."""
    vectors = n_points * n_dims * 4
    total = _BASE + n_points * _PER_POINT + 32 * min(n_dims, n_points) ** 2
    # A memory map costs nothing until it is read; a copy of it does.
    total += vectors * (
        1 + sum(bool(settings.get(s)) for s in ("center", "standardize", "unit_norm"))
    )
    if method.neighbors_needed is not None:
        n_laid = min(n_points, int(settings.get("n_landmarks") or n_points))
        k, _ = method.neighbors_needed(settings, n_laid)
        total += n_laid * n_dims * 4 + n_laid * graph_size(n_laid, k) * _PER_EDGE
    return total


def check_fits(method: Method, n_points: int, n_dims: int, settings: Mapping[str, Value]) -> None:
    """Refuse a projection that can not fit into the memory that is free now.

    Raises
    ------
    TooLarge
        With the numbers and the way out.
    """
    import psutil

    needed = needed_bytes(method, n_points, n_dims, settings)
    free = psutil.virtual_memory().available
    if needed > free:
        raise TooLarge(
            f"{method.title} of {n_points:,} x {n_dims:,} needs about {needed / 1e9:.1f} GB of "
            f"memory, and {free / 1e9:.1f} GB are free. Close other programs, lower the number of "
            "neighbors or the perplexity, lay out landmarks only (n_landmarks), or use PCA."
        )
