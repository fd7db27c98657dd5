from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

import projector
from projector.api.memory_check import needed_bytes
from projector.api.options import parameters_of
from projector.errors import MemoryLimitError
from projector.model.parameters import resolve

MEASURE = """
import re
import numpy as np, projector
from pathlib import Path
from projector.jobs.cache import ResultCache
x = np.random.default_rng(0).normal(size=({n}, {d})).astype(np.float32)
projector.project(x, "{method}", cache=ResultCache(Path(), 0), **{params})
# Not ru_maxrss, which a process takes over from the one that started it.
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024)
"""


def test_what_can_not_fit_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=10_000_000))
    with pytest.raises(
        MemoryLimitError, match=r"UMAP of 50 x 3 needs about \d+\.\d MB .* 10\.0 MB are free"
    ):
        projector.project(np.eye(50, 3), "umap")


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize(
    ("method", "params"), [("pca", {}), ("umap", {"n_epochs": 10}), ("tsne", {"n_iter": 10})]
)
def test_the_estimate_bounds_what_is_used(method: str, params: dict[str, int]) -> None:
    n, d = 20_000, 64
    code = MEASURE.format(n=n, d=d, method=method, params=params)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    used = int(told.stdout)
    chosen = projector.METHODS[method]
    estimate = needed_bytes(chosen, n, d, resolve(parameters_of(chosen), params, owner=method))
    assert used <= estimate <= 5 * used
