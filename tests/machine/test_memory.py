"""The least of all limits counts: the machine's, a control group's of any version, and ulimit's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projector.machine.memory import FreeMemory, available_memory, free_memory

GB = 1 << 30
V2 = "30 24 0:26 {mounted} /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = "32 31 0:29 {mounted} /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n"


@pytest.fixture(autouse=True)
def large_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=64 * GB))


def system(root: Path, *, cgroup: str, mounts: str, files: dict[str, str]) -> Path:
    """Write what the kernel would show."""
    files = {"proc/self/cgroup": cgroup, "proc/self/mountinfo": mounts, **files}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def second(root: Path, cgroup: str, mounted: str, groups: dict[str, dict[str, str]]) -> Path:
    files = {
        f"sys/fs/cgroup/{group}/memory.{name}".replace("//", "/"): text
        for group, values in groups.items()
        for name, text in values.items()
    }
    return system(root, cgroup=f"0::{cgroup}\n", mounts=V2.format(mounted=mounted), files=files)


def test_without_limits_it_is_what_the_machine_has(tmp_path: Path) -> None:
    assert free_memory(tmp_path) == FreeMemory(64 * GB)
    assert str(free_memory(tmp_path)) == "68.7 GB are free"
    assert free_memory(tmp_path).advice == "Close other programs"


def test_the_pages_of_files_in_a_group_are_free(tmp_path: Path) -> None:
    stat = f"anon 5\ninactive_file {GB}\nactive_file {GB // 2}\n"
    group = {"max": f"{4 * GB}\n", "high": "max\n", "current": f"{3 * GB}\n", "stat": stat}
    found = free_memory(second(tmp_path, "/job", "/", {"job": group}))
    assert found.n_bytes == 4 * GB - 3 * GB + GB + GB // 2
    assert str(found) == "2.7 GB are free under the memory limit of the control group /job"
    assert found.advice == "Raise that limit"


def test_a_group_above_or_a_lower_mark_may_be_the_least(tmp_path: Path) -> None:
    inner = {"max": f"{8 * GB}", "high": f"{5 * GB}", "current": f"{GB}"}
    found = free_memory(second(tmp_path / "a", "/up/in", "/", {"up/in": inner}))
    assert found.n_bytes == 4 * GB
    outer = {"max": f"{3 * GB}", "current": f"{2 * GB}"}
    found = free_memory(second(tmp_path / "b", "/up/in", "/", {"up/in": inner, "up": outer}))
    assert found.n_bytes == GB


def test_a_full_group_leaves_nothing_and_no_debt(tmp_path: Path) -> None:
    group = {"max": f"{GB}", "current": f"{2 * GB}"}
    assert free_memory(second(tmp_path, "/", "/", {"": group})).n_bytes == 0


@pytest.mark.parametrize(
    ("cgroup", "mounted"),
    [("/", "/"), ("/docker/abc", "/docker/abc"), ("/docker/abc", "/"), ("/../other", "/")],
)
def test_the_group_of_a_container_is_where_it_is_mounted(
    tmp_path: Path, cgroup: str, mounted: str
) -> None:
    group = {"max": f"{2 * GB}", "current": f"{GB}"}
    assert free_memory(second(tmp_path, cgroup, mounted, {"": group})).n_bytes == GB


def test_version_1_counts_its_own_limit_and_those_above(tmp_path: Path) -> None:
    files = {
        "memory.limit_in_bytes": f"{4 * GB}\n",
        "memory.usage_in_bytes": f"{GB}\n",
        "memory.stat": f"total_inactive_file {GB // 2}\nhierarchical_memory_limit {3 * GB}\n",
    }
    root = system(
        tmp_path,
        cgroup="9:name=systemd:/\n4:cpu,memory:/job\n0::/\n",
        mounts=V1.format(mounted="/"),
        files={f"sys/fs/cgroup/memory/job/{name}": text for name, text in files.items()},
    )
    assert free_memory(root).n_bytes == 3 * GB - GB // 2


def test_version_1_without_a_limit_has_none(tmp_path: Path) -> None:
    files = {
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{GB}\n",
    }
    root = system(tmp_path, cgroup="4:memory:/\n", mounts=V1.format(mounted="/"), files=files)
    assert free_memory(root) == FreeMemory(64 * GB)


def test_a_kernel_that_does_not_overcommit_counts_its_promises(tmp_path: Path) -> None:
    files = {
        "proc/sys/vm/overcommit_memory": "2\n",
        "proc/meminfo": "MemTotal: 9 kB\nCommitLimit: 3000000 kB\nCommitted_AS: 1000000 kB\n",
    }
    root = system(tmp_path, cgroup="", mounts="", files=files)
    assert free_memory(root).n_bytes == 2_000_000 * 1024
    (root / "proc/sys/vm/overcommit_memory").write_text("0\n")
    assert free_memory(root).n_bytes == 64 * GB


@given(st.lists(st.text(max_size=40), min_size=8, max_size=8))
def test_whatever_the_files_hold_there_is_a_number(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    root = tmp_path_factory.mktemp("system")
    names = ["memory.max", "memory.high", "memory.current", "memory.stat"]
    files = {f"sys/fs/cgroup/{name}": text for name, text in zip(names, texts, strict=False)}
    system(
        root,
        cgroup=f"0::{texts[4]}\n{texts[5]}",
        mounts=f"{texts[6]}\n{V2.format(mounted='/')}{texts[7]}",
        files=files,
    )
    assert 0 <= free_memory(root).n_bytes <= 64 * GB


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ulimit -v holds on Linux")
@pytest.mark.parametrize(("flag", "name"), [("-v", "ulimit -v"), ("-d", "ulimit -d")])
def test_ulimit_counts_and_what_is_used_is_gone(flag: str, name: str) -> None:
    code = (
        "from projector.machine.memory import available_memory, free_memory\n"
        "a = available_memory(); block = bytearray(300_000_000); b = free_memory()\n"
        "print(a, b.n_bytes, b.limit, sep=';')\n"
    )
    told = subprocess.run(
        ["bash", "-c", f'ulimit {flag} 2000000; exec "$0" -c "$1"', sys.executable, code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    before, after, limit = told.stdout.strip().split(";")
    assert 0 < int(after) < int(before) < 2_000_000 * 1024
    assert int(before) - int(after) >= 250_000_000
    assert limit == name


def test_this_machine_has_some() -> None:
    assert available_memory() > 0
