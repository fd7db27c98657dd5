"""What all executors of this machine promise."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from projector.errors import Cancelled, JobError, ParameterError, SaveError, ShapeError
from projector.jobs.executors.chosen import executor_of
from projector.jobs.executors.pool import PoolExecutor
from projector.jobs.executors.protocol import Executor
from projector.jobs.executors.reduction import reduce_in_tree, run_all
from projector.jobs.executors.serial import SerialExecutor
from projector.machine.processors import at_most_processors, usable_processors
from tests.jobs.executors import work


@pytest.fixture(params=["serial", "pool"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    made: Executor = SerialExecutor() if request.param == "serial" else PoolExecutor(2)
    yield made
    made.close()


@pytest.fixture
def pool() -> Iterator[PoolExecutor]:
    made = PoolExecutor(2)
    yield made
    made.close()


def test_results_come_as_they_are_done_and_rows_are_counted(executor: Executor) -> None:
    counted: list[int] = []
    submits = [partial(executor.submit, work.doubled, number) for number in range(20)]
    found = sorted(run_all(executor, submits, counted.append))
    assert found == [2 * number for number in range(20)]
    assert counted == sorted(counted)


def test_tasks_and_scattered_values_stand_for_what_they_are(executor: Executor) -> None:
    values = executor.scatter(np.arange(200_000.0))
    first = executor.submit(work.doubled, 2)
    assert first.result() == 4
    assert executor.submit(work.scaled_sum, values, first).result() == 4 * 19_999_900_000.0


@pytest.mark.parametrize("count", [1, 2, 3, 5, 6, 7, 8, 13])
def test_the_tree_is_the_same_whoever_is_done_first(executor: Executor, count: int) -> None:
    names = [str(number) for number in range(count)]
    expected = list(names)
    while len(expected) > 1:
        pairs = [expected[at : at + 2] for at in range(0, len(expected), 2)]
        expected = [f"({pair[0]} {pair[1]})" if len(pair) == 2 else pair[0] for pair in pairs]
    submits = [partial(executor.submit, work.text, name) for name in names]
    assert reduce_in_tree(executor, submits, work.joined) == expected[0]


def test_late_tasks_do_not_change_the_tree(pool: PoolExecutor) -> None:
    late = {0: 0.3, 3: 0.2}
    submits = [
        partial(pool.submit, work.slow_text, str(each), late.get(each, 0.0)) for each in range(5)
    ]
    assert reduce_in_tree(pool, submits, work.joined) == "(((0 1) (2 3)) 4)"


def test_a_tree_without_leaves_is_an_error(executor: Executor) -> None:
    with pytest.raises(ParameterError, match="no parts"):
        reduce_in_tree(executor, [], work.joined)


def test_an_error_keeps_its_class_and_cancels_the_others(executor: Executor) -> None:
    submits = [
        partial(executor.submit, work.doubled, 1),
        partial(executor.submit, work.wrong_shape, "part-3"),
        *(partial(executor.submit, work.doubled, number) for number in range(50)),
    ]
    with pytest.raises(ShapeError, match="part-3 has 3 dimensions"):
        list(run_all(executor, submits))
    with pytest.raises(Cancelled):
        executor.submit(work.doubled, 1).result()


def test_a_full_disk_names_process_and_file(pool: PoolExecutor, tmp_path: Path) -> None:
    path = tmp_path / "part-000003.parquet"
    with pytest.raises(SaveError) as caught:
        pool.submit(work.full_disk, path).result()
    assert str(path) in str(caught.value)
    assert "Worker process" in str(caught.value)
    assert "No space left" in str(caught.value)
    assert caught.value.path == path


def test_a_defect_is_a_job_error(pool: PoolExecutor) -> None:
    with pytest.raises(JobError, match="KeyError: 'missing'"):
        pool.submit(work.defect).result()


def test_the_task_of_a_killed_process_is_done_again(pool: PoolExecutor, tmp_path: Path) -> None:
    submits = [
        partial(pool.submit, work.dies_once, tmp_path / "mark"),
        *(partial(pool.submit, work.text, str(each)) for each in range(4)),
    ]
    assert sorted(run_all(pool, submits)) == ["0", "1", "2", "3", "done"]


def test_a_task_that_kills_every_process_is_given_up(pool: PoolExecutor) -> None:
    with pytest.raises(JobError, match="begun 3 times"):
        list(run_all(pool, [partial(pool.submit, work.dies)]))


def test_raising_in_on_rows_cancels_what_runs(pool: PoolExecutor, tmp_path: Path) -> None:
    mark = tmp_path / "mark"

    def give_up(count: int) -> None:
        if mark.exists():
            raise Cancelled

    with pytest.raises(Cancelled):
        list(run_all(pool, [partial(pool.submit, work.endless, mark)], give_up))
    assert mark.with_suffix(".ended").exists()


def test_a_process_of_the_pool_leaves_the_other_processors(pool: PoolExecutor) -> None:
    assert pool.submit(work.thread_limit).result() == 1
    with at_most_processors(1):
        assert usable_processors() == 1


@pytest.mark.parametrize("given", ["thread", 3, object(), ""])
def test_what_is_no_executor_is_refused(given: object) -> None:
    with pytest.raises(ParameterError, match="'executor' must be"):
        executor_of(given)


def test_an_executor_that_is_given_is_not_closed_here(executor: Executor) -> None:
    assert executor_of(executor) == (executor, False)
    assert executor_of(None)[1]


def test_a_client_that_is_not_waited_for_is_refused() -> None:
    pytest.importorskip("distributed")
    client = SimpleNamespace(asynchronous=True, scheduler=None, nthreads=None)
    with pytest.raises(ParameterError, match="must not be asynchronous"):
        executor_of(client)
