"""Every limit on processors counts, and one that cannot be read does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from projector.machine.processors import usable_processors


@pytest.fixture(autouse=True)
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


def machine(root: Path, group: str, files: dict[str, str]) -> Path:
    for name, content in {"proc/self/cgroup": group, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


@pytest.mark.parametrize(
    ("group", "files", "expected"),
    [
        ("", {}, 8),
        ("0::/a/b\n", {"sys/fs/cgroup/a/b/cpu.max": "250000 100000\n"}, 3),
        ("0::/a/b\n", {"sys/fs/cgroup/a/cpu.max": "100000 100000\n"}, 1),
        ("0::/a/b\n", {"sys/fs/cgroup/cpu.max": "50000 100000\n"}, 1),
        ("0::/a/b\n", {"sys/fs/cgroup/a/b/cpu.max": "max 100000\n"}, 8),
        ("0::/../x\n", {"sys/fs/cgroup/x/cpu.max": "200000 100000\n"}, 2),
        (
            "4:memory:/j\n3:cpu,cpuacct:/j\n",
            {
                "sys/fs/cgroup/cpu/j/cpu.cfs_quota_us": "400000\n",
                "sys/fs/cgroup/cpu/j/cpu.cfs_period_us": "100000\n",
            },
            4,
        ),
        ("3:cpu:/j\n", {"sys/fs/cgroup/cpu/j/cpu.cfs_quota_us": "-1\n"}, 8),
        ("0::/a\n", {"sys/fs/cgroup/a/cpu.max": ""}, 8),
        ("0::/a\n", {"sys/fs/cgroup/a/cpu.max": "0 0"}, 8),
        ("0::/a\n", {"sys/fs/cgroup/a/cpu.max": "² 1"}, 8),
        ("0::/a\n", {"sys/fs/cgroup/a/cpu.max": "9" * 5000 + " 1"}, 8),
    ],
)
def test_the_least_limit_counts(
    tmp_path: Path, group: str, files: dict[str, str], expected: int
) -> None:
    assert usable_processors(machine(tmp_path, group, files)) == expected


def test_this_machine_has_at_least_one() -> None:
    assert usable_processors() >= 1
