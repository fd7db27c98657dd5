"""Faults of work in processes: too many jobs, greedy pages, killed and cancelled workers."""

from __future__ import annotations

import random

import numpy as np
from trial_server import TrialServer, eventually, served

from faults.trial import Outcome, Trial
from projector.machine.processors import usable_processors

#: Takes many minutes: the most epochs that there are, of enough points.
_ENDLESS = {"n_epochs": 20_000}


def _many_quick_jobs() -> Outcome:
    outcome = Outcome()
    most = usable_processors() + 2
    with served() as server:
        for turn in range(3):
            keys = [
                server.start(page=str(page), random_state=1000 * turn + page)["id"]
                for page in range(24)
            ]
            while any(server.state(key)["state"] in ("queued", "running") for key in keys):
                n_workers = len(server.workers())
                outcome.count(n_workers <= most, f"{n_workers} processes")
            for key in keys:
                state = server.state(key)["state"]
                outcome.count(state == "done", state)
    return outcome


def _waiting(server: TrialServer, keys: list[str]) -> list[int]:
    found = [server.state(key)["ahead"] for key in keys]
    return [ahead for ahead in found if ahead is not None]


def _greedy_page() -> Outcome:
    outcome = Outcome()
    with served(np.random.default_rng(0).normal(size=(10_000, 8)).astype(np.float32)) as server:
        greedy = [
            server.start("greedy", "umap", **_ENDLESS, random_state=seed)["id"]
            for seed in range(50)
        ]
        ahead = _waiting(server, greedy)
        outcome.count(ahead == sorted(ahead) and len(ahead) >= 40, f"places {ahead}")
        for seed in range(20):
            first = server.start(f"page {seed}", random_state=seed)
            outcome.count(server.finish(first["id"])["state"] == "done", "a first click")
        for seed in range(1, 11):
            other = server.start(f"other {seed}", "umap", **_ENDLESS, random_state=100 + seed)
            place = other["ahead"]
            outcome.count(place is None or place < seed, f"{place} jobs ahead of page {seed}")
        for key in greedy[::-1]:
            server.ask(f"/projections/{key}", method="DELETE")
            outcome.count(server.state(key)["state"] == "cancelled", "not cancelled")
    return outcome


def _killed_workers() -> Outcome:
    outcome, chance = Outcome(), random.Random(0)
    with served() as server:
        for turn in range(20):
            key = server.start(page="a", random_state=turn)["id"]
            for worker in chance.sample(server.workers(), 1):
                worker.kill()
            state = server.finish(key)
            told = state["state"] == "done" or "killed" in state["error"]["message"]
            outcome.count(told and server.is_alive(), str(state))
        outcome.count(eventually(lambda: server.finish(server.start()["id"])["state"] == "done"))
    return outcome


TRIALS = (
    Trial(
        "A bounded number of processes works, whatever is asked for, and all of it is done.",
        "72 quick projections at once from 24 pages",
        _many_quick_jobs,
    ),
    Trial(
        "One page does not keep another waiting, and what waits can be cancelled.",
        "50 endless projections of one page, then the first ones of 30 others",
        _greedy_page,
    ),
    Trial(
        "A killed worker is told, and the server lives.",
        "kill -9 of a random worker while it computes or waits",
        _killed_workers,
    ),
)
