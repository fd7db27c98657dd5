"""A short soak: every answer is right or a clear refusal while everything around goes wrong.

`make soak` runs the long one, which also holds that nothing grows.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="kills and measures processes through /proc")
def test_every_answer_is_right_or_a_clear_refusal() -> None:
    seconds = os.environ.get("PROJECTOR_SOAK_SECONDS", "25")
    made = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "soak.py"), "--seconds", seconds],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
