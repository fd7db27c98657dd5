"""Faults of disks: one that gets full, or is full already, and one that is freed again."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from trial_server import TrialServer

from faults.trial import Outcome, Trial

_DISK = 160 << 20
#: Bytes that are left when it is filled.
_LEFT = (0, 4096, 100_000, 1_000_000, 12_000_000)
_N_POINTS = 200_000
_REFUSED = {409, 503, 507}


@contextmanager
def _on_small_disk() -> Iterator[TrialServer]:
    """Serve a small and a large array; logs, copies and cache are on one small disk."""
    folder = Path(tempfile.mkdtemp(prefix="trial-"))
    server = TrialServer(folder, folder / "tmp" / "logs", disk=_DISK)
    random = np.random.default_rng(0)
    try:
        np.save(server.logdir / "small.npy", random.normal(size=(500, 8)).astype(np.float32))
        np.save(server.logdir / "large.npy", random.normal(size=(_N_POINTS, 64)).astype(np.float32))
        np.save(server.logdir / "long.npy", random.normal(size=(20_000, 32)).astype(np.float32))
        server.wait_for({"small.npy", "large.npy", "long.npy"})
        yield server
    finally:
        server.process.kill()
        server.process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _fill(server: TrialServer, left: int) -> None:
    """Fill the disk but for `left` bytes."""
    with (
        contextlib.suppress(OSError),
        (server.disk / "ballast").open("wb", buffering=0) as file,
    ):
        while True:
            free = shutil.disk_usage(server.disk).free
            count = min(free - left, 1 << 20) if left else 1 << 20
            if count <= 0:
                return
            file.write(bytes(count))


def _free(server: TrialServer) -> None:
    with contextlib.suppress(OSError):
        (server.disk / "ballast").unlink()


def _told(status: int, answer: Any, server: TrialServer) -> bool:
    """Return whether an answer is right, or one sentence on the disk with what to do."""
    if 200 <= status < 300:
        return True
    message = str(answer.get("error", {}).get("message", ""))
    return status in _REFUSED and "ree" in message and "Errno" not in message


def _is_whole(job: dict[str, Any]) -> bool:
    """Return whether a job is done, or failed with one sentence on the disk."""
    if job["state"] == "done":
        return True
    message = str((job.get("error") or {}).get("message", ""))
    has_sentence = "free" in message.lower() and "Errno" not in message
    return job["state"] == "failed" and has_sentence


def _full() -> Outcome:
    """Do everything that writes, with a disk that has a few bytes left or none."""
    outcome = Outcome()
    with _on_small_disk() as server:
        for number, left in enumerate(_LEFT * 4):
            _fill(server, left)
            entries = {entry["path"]: entry for entry in server.entries()}
            for name in ("small.npy", "large.npy"):
                status, answer = server.ask(f"/datasets/{entries[name]['id']}")
                outcome.count(_told(status, answer, server), f"{left} {name}: {status} {answer}")
            status, answer = server.put_tags(entries["small.npy"], number)
            outcome.count(_told(status, answer, server), f"{left} tags: {status} {answer}")
            status, answer = server.upload(f"{number}.npy", bytes(3_000_000))
            outcome.count(_told(status, answer, server), f"{left} upload: {status} {answer}")
            for method, params in (("pca", {}), ("umap", {"n_epochs": 5}), ("tsne", {"n_iter": 5})):
                body = {
                    "dataset": entries["small.npy"]["id"],
                    "method": method,
                    "params": {**params, "random_state": number},
                }
                status, job = server.ask("/projections", body)
                outcome.count(_told(status, job, server), f"{left} {method}: {status} {job}")
                if "id" in job:
                    job = server.finish(job["id"])
                    outcome.count(_is_whole(job), f"{left} {method}: {job}")
            outcome.count(server.is_alive(), "the server is dead")
            _free(server)
    return outcome


def _freed() -> Outcome:
    """After each full disk everything works again, without a restart."""
    outcome = Outcome()
    with _on_small_disk() as server:
        for number in range(8):
            _fill(server, 0)
            first = server.start(random_state=number)
            if "id" in first:
                server.finish(first["id"])
            server.upload(f"{number}.npy", bytes(1_000_000))
            _free(server)
            entries = {entry["path"]: entry for entry in server.entries()}
            status, answer = server.ask(f"/datasets/{entries['large.npy']['id']}")
            outcome.count(status == 200, f"large.npy: {status} {answer}")
            status, answer = server.put_tags(entries["small.npy"], number)
            outcome.count(status == 200, f"tags: {status} {answer}")
            body = {"dataset": entries["small.npy"]["id"], "method": "pca", "params": {}}
            status, job = server.ask("/projections", {**body, "params": {"random_state": number}})
            state = server.finish(job["id"]) if "id" in job else job
            outcome.count(state.get("state") == "done", f"pca: {status} {state}")
    return outcome


def _filled_meanwhile() -> Outcome:
    """Fill the disk while a layout writes its frames."""
    outcome = Outcome()
    with _on_small_disk() as server:
        entries = {entry["path"]: entry for entry in server.entries()}
        for number in range(6):
            body = {
                "dataset": entries["long.npy"]["id"],
                "method": "umap",
                "params": {"n_epochs": 200, "n_neighbors": 5, "random_state": number},
            }
            status, job = server.ask("/projections", body)
            outcome.count(_told(status, job, server), f"{status} {job}")
            _fill(server, 0)
            if "id" in job:
                state = server.finish(job["id"])
                outcome.count(_is_whole(state), f"{state}")
            outcome.count(server.is_alive(), "the server is dead")
            _free(server)
    return outcome


TRIALS = (
    Trial(
        "A full disk is one sentence, or no obstacle; nobody's work is lost and nothing ends.",
        "data opened, tags saved, files dropped and three methods run with 0 to 12 MB left",
        _full,
    ),
    Trial(
        "A disk that is freed is used again, without a restart.",
        "filled and freed",
        _freed,
    ),
    Trial(
        "A disk that gets full during a layout costs that layout at most.",
        "filled while UMAP of 20,000 points runs",
        _filled_meanwhile,
    ),
)
