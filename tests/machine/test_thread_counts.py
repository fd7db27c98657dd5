"""No process of ours starts more threads than it has processors, and none that spin."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from projector.machine import thread_counts
from projector.machine.channel_process import ChannelProcess
from projector.machine.thread_counts import thread_variables

LOOPS = ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS")


@pytest.fixture
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread_counts, "usable_processors", lambda: 8)


@pytest.mark.usefixtures("eight")
def test_products_have_one_thread_and_loops_all_processors() -> None:
    found = thread_variables({"OPENBLAS_NUM_THREADS": "6"})
    assert found["OPENBLAS_NUM_THREADS"] == found["MKL_NUM_THREADS"] == "1"
    assert [found[name] for name in LOOPS] == ["8", "8"]
    assert found["OMP_WAIT_POLICY"] == "passive"


@pytest.mark.usefixtures("eight")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("3", "3"),
        ("8", "8"),
        ("64", "8"),
        ("2,4", "2"),
        (" 5 ", "5"),
        ("0", "8"),
        ("-1", "8"),
        ("many", "8"),
        ("", "8"),
        ("²", "8"),
        ("9" * 5000, "8"),
    ],
)
def test_fewer_that_somebody_set_stay_and_more_do_not(given: str, expected: str) -> None:
    assert [thread_variables({name: given})[name] for name in LOOPS] == [expected, expected]


@pytest.mark.usefixtures("eight")
def test_a_loop_may_have_a_limit_of_its_own() -> None:
    assert [thread_variables({}, most=3)[name] for name in LOOPS] == ["3", "3"]
    assert thread_variables({"OMP_NUM_THREADS": "2"}, most=3)["OMP_NUM_THREADS"] == "2"


def test_somebody_may_choose_another_way_to_wait() -> None:
    assert thread_variables({"OMP_WAIT_POLICY": "active"})["OMP_WAIT_POLICY"] == "active"


def thread_pools() -> list[list[object]]:
    """Return what the libraries of this process would start, loaded as a job loads them."""
    import faiss  # noqa: F401
    import numba
    from threadpoolctl import threadpool_info

    # A BLAS that is built with OpenMP, such as the one in faiss, has its threads, which sleep.
    pools: list[list[object]] = [
        ["openmp" if each.get("threading_layer") == "openmp" else each["user_api"], n_threads]
        for each in threadpool_info()
        for n_threads in [each["num_threads"]]
    ]
    return [*pools, ["numba", numba.get_num_threads()]]


@pytest.mark.parametrize("n_processors", [1, 2])
def test_a_process_of_ours_has_no_more_threads_than_processors(
    n_processors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_counts, "usable_processors", lambda: n_processors)
    for name in (*LOOPS, "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, "64")
    process = ChannelProcess(__name__)
    try:
        pools = json.loads(process.channel.receive(60))
    finally:
        process.kill()
        process.reap()
    assert {kind for kind, _ in pools} == {"blas", "openmp", "numba"}
    for kind, n_threads in pools:
        assert n_threads == (1 if kind == "blas" else n_processors), kind


def test_the_command_line_decides_before_numpy_is_loaded() -> None:
    script = (
        "import os, sys, click\n"
        "from projector import cli\n"
        "@cli.main.command('show-threads')\n"
        "def show():\n"
        "    import numpy\n"
        "    from threadpoolctl import threadpool_info\n"
        "    print([e['num_threads'] for e in threadpool_info() if e['user_api'] == 'blas'])\n"
        "cli.main(['show-threads'])\n"
    )
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "2"}
    ended = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[1]"


if __name__ == "__main__":
    from projector.machine.channel_process import standard_channel

    channel, _ = standard_channel(prints=False)
    channel.send(json.dumps(thread_pools()))
    channel.receive(60)
