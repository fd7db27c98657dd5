"""Data in parts on a Dask cluster: the results of one process, whatever happens to the workers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import projector
from projector.api.partitioned.result import PartitionedProjection
from projector.errors import Cancelled, JobError, ParameterError, SaveError
from projector.jobs.executors import cluster_worker
from projector.jobs.executors.cluster import ClusterExecutor
from projector.model.progress import Progress
from projector.typing import AnyArray
from tests.cluster import made

pytestmark = pytest.mark.slow

UMAP: dict[str, Any] = {"n_landmarks": 300, "n_epochs": 20}


def positions(found: PartitionedProjection) -> AnyArray:
    return np.concatenate([each[1] for each in found])


def check_pca(found: AnyArray, vectors: AnyArray) -> None:
    """Compare with the eigenvectors of the covariance in float64."""
    wide = vectors - vectors.mean(axis=0, dtype=np.float64)
    expected = wide @ np.linalg.eigh(wide.T @ wide)[1][:, ::-1][:, :3]
    expected *= np.sign((expected * found).sum(axis=0))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6 * np.abs(expected).max())


def unfinished(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def when_written(out: Path, count: int, act: Callable[[], None]) -> Callable[[Progress], None]:
    """Return a progress callable that acts once when so many parts are written."""
    done: list[bool] = []

    def watch(progress: Progress) -> None:
        if not done and len(list(out.glob("part-*.parquet"))) >= count:
            done.append(True)
            act()

    return watch


def test_results_are_those_of_one_process(client: Any, tmp_path: Path) -> None:
    sources = made.made(8, 25_000, 32, 8, None)
    vectors = made.whole(sources)
    pca = projector.project(sources, "pca", executor=client, out=tmp_path / "pca")
    check_pca(positions(pca), vectors)
    here = projector.project(sources, "pca", out=tmp_path / "pca-here")
    np.testing.assert_array_equal(positions(pca), positions(here))

    rows = [0, 24_999, 25_000, 199_999]
    near = projector.partitioned_neighbors(sources, 15, rows=rows, executor=client)
    one = projector.partitioned_neighbors(sources, 15, rows=rows)
    squares = ((vectors[rows][:, None].astype(np.float64) - vectors[None]) ** 2).sum(axis=2)
    squares[np.arange(4), rows] = np.inf
    np.testing.assert_array_equal(near.indices, np.argsort(squares, axis=1)[:, :15])
    np.testing.assert_array_equal(near.indices, one.indices)
    np.testing.assert_array_equal(near.distances, one.distances)

    placed = projector.project(sources, "umap", executor=client, out=tmp_path / "umap", **UMAP)
    alone = projector.project(vectors, "umap", **UMAP)
    np.testing.assert_array_equal(positions(placed), alone.positions)
    assert placed.details["executor"] == client.scheduler.address
    assert unfinished(tmp_path / "umap") == []
    if sys.platform == "linux":  # a worker holds a chunk of its part, never a part
        assert max(client.run(made.peak_bytes).values()) < 600e6


def test_dask_arrays_are_data_in_parts(client: Any, tmp_path: Path) -> None:
    arrays = pytest.importorskip("dask.array")
    vectors = made.whole(made.made(3, 500, 6, 3, None))
    given = arrays.from_array(vectors, chunks=(400, 4))
    found = projector.project(given, "pca", executor=client, out=tmp_path / "array")
    check_pca(positions(found), vectors)
    near = projector.partitioned_neighbors(given, 5, rows=[3, 1400], executor=client)
    np.testing.assert_array_equal(near.indices, projector.neighbors(vectors, 5).indices[[3, 1400]])
    kept = client.persist(given)
    with pytest.raises(ParameterError, match="persist"):
        projector.project(kept, "pca", executor=client, out=tmp_path / "kept")
    del kept


def test_partitions_of_unknown_length_are_counted(tmp_path: Path) -> None:
    arrays = pytest.importorskip("dask.array")
    vectors = made.whole(made.made(3, 500, 6, 3, None))
    given = arrays.from_array(vectors, chunks=(400, 6))
    # As what a filter left, and as the columns of a dataframe.
    some = given[given[:, 0] > 0]
    assert np.isnan(some.shape[0])
    found = projector.project(some, "pca", out=tmp_path / "out")
    check_pca(positions(found), vectors[vectors[:, 0] > 0])


def test_dask_dataframes_are_data_in_parts(tmp_path: Path) -> None:
    frames = pytest.importorskip("dask.dataframe", exc_type=ImportError)
    pandas = pytest.importorskip("pandas")
    vectors = made.whole(made.made(3, 500, 6, 3, None))
    frame = frames.from_pandas(pandas.DataFrame(vectors), npartitions=4)
    found = projector.project(frame, "pca", out=tmp_path / "out")
    check_pca(positions(found), vectors)


def test_cancelling_stops_the_workers_and_leaves_no_part(client: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sources = made.made(8, 1000, 8, 2, tmp_path / "gate")  # which never opens

    def give_up() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        _place(sources, client, out, when_written(out, 2, give_up))
    assert sum(client.run(_all_running).values()) == 0
    assert unfinished(out) == []
    assert len(list(out.glob("part-*.parquet"))) == 2
    assert client.submit(int, pure=False).result() == 0  # the cluster goes on


def test_the_parts_of_a_killed_worker_are_done_again(client: Any, tmp_path: Path) -> None:
    out, gate = tmp_path / "out", tmp_path / "gate"
    sources = made.made(6, 1000, 8, 2, gate)

    def kill() -> None:
        os.kill(next(iter(client.run(made.own_pid).values())), signal.SIGKILL)
        gate.touch()

    found = _place(sources, client, out, when_written(out, 2, kill))
    assert gate.exists()
    expected = _place(sources, None, tmp_path / "here", None)
    np.testing.assert_array_equal(positions(found), positions(expected))
    assert unfinished(out) == []


def test_all_workers_may_be_killed(client: Any, tmp_path: Path) -> None:
    """What was scattered is lost with them, and is brought to those that are started."""
    out, gate = tmp_path / "out", tmp_path / "gate"
    sources = made.made(6, 1000, 8, 2, gate)

    def kill() -> None:
        for pid in client.run(made.own_pid).values():
            os.kill(pid, signal.SIGKILL)
        gate.touch()

    found = _place(sources, client, out, when_written(out, 2, kill))
    expected = _place(sources, None, tmp_path / "here", None)
    np.testing.assert_array_equal(positions(found), positions(expected))


def test_a_full_disk_names_the_worker_and_the_part(client: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sources = made.made(6, 200, 8, 6, None)
    client.wait_for_workers(2)
    full = next(iter(client.run(made.own_pid)))
    client.run(made.fill_disk, workers=[full])
    try:
        with pytest.raises(SaveError) as caught:
            projector.project(sources, "pca", executor=client, out=out)
    finally:
        client.run(made.mend)
    message = str(caught.value)
    assert full in message
    assert "No space left on device" in message
    assert str(out / "part-") in message
    assert unfinished(out) == []
    found = projector.project(sources, "pca", executor=client, out=out)
    expected = projector.project(sources, "pca", out=tmp_path / "here")
    np.testing.assert_array_equal(positions(found), positions(expected))


def test_other_versions_are_refused_before_work_begins(client: Any, tmp_path: Path) -> None:
    sources = made.made(2, 200, 8, 2, None)
    client.wait_for_workers(2)
    other = next(iter(client.run(made.own_pid)))
    client.run(made.pretend_other_numpy, workers=[other])
    try:
        with pytest.raises(JobError, match=r"numpy 1\.0\.0 \(here ") as caught:
            projector.project(sources, "pca", executor=client, out=tmp_path / "out")
    finally:
        client.run(made.mend)
    assert other in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_worker_that_joins_late_with_other_versions_is_refused(
    client: Any, tmp_path: Path
) -> None:
    client.wait_for_workers(2)
    executor = ClusterExecutor(client)
    client.run(made.pretend_other_numpy)
    try:
        with pytest.raises(JobError, match="Other versions of libraries are installed there"):
            executor.submit(_nothing).result()
    finally:
        client.run(made.mend)
        executor.close()


def test_an_address_without_a_scheduler_is_told(tmp_path: Path) -> None:
    sources = made.made(2, 200, 8, 2, None)
    with pytest.raises(JobError, match=r"No scheduler answers at tcp://127\.0\.0\.1:1"):
        projector.project(sources, "pca", executor="tcp://127.0.0.1:1", out=tmp_path / "out")


def _place(
    sources: Any, executor: Any, out: Path, progress: Callable[[Progress], None] | None
) -> PartitionedProjection:
    """Place among landmarks that were laid out before, so that parts are read just once."""
    if not (out / "landmarks.npz").exists():
        opened = made.made(len(sources.parts), 1000, 8, len(sources.parts), None)
        first = projector.project(opened, "umap", out=out, **UMAP)
        for path in first.paths:
            path.unlink()
    found: PartitionedProjection = projector.project(
        sources, "umap", executor=executor, out=out, progress=progress, **UMAP
    )
    return found


def _all_running() -> int:
    return sum(cluster_worker._running.values())


def _nothing(watch: Any) -> None:
    watch.rows(1)
