"""Whatever comes in whatever order: bounded, within memory, fair, and nothing waits for ever."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.jobs.schedule import Claim, Schedule

MEMORY = 100
CLIENTS = [("a", "1"), ("a", "2"), ("b", "1"), ()]


@dataclass(frozen=True)
class Act:
    """One thing that happens: a claim comes, one of those there is cancelled, ends or pauses."""

    kind: str
    number: int
    claim: tuple[bool, tuple[str, ...], int]
    is_background: bool = False


acts = st.lists(
    st.builds(
        Act,
        st.sampled_from(["add", "add", "add", "cancel", "end", "end", "pause", "promote"]),
        st.integers(0, 1000),
        st.tuples(st.booleans(), st.sampled_from(CLIENTS), st.integers(0, 2 * MEMORY)),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=80,
)


class Machine:
    """A schedule, and everything that it must keep checked after each act."""

    def __init__(self, n_processes: int, n_long: int) -> None:
        self.schedule = Schedule(n_processes, n_long)
        self.waiting: list[Claim] = []
        self.running: list[Claim] = []
        self.started: list[Claim] = []
        self.resumed = False

    def free(self) -> int:
        return MEMORY - sum(claim.needs for claim in self.running)

    def fill(self) -> None:
        while (claim := self.schedule.take(self.free())) is not None:
            alone = all(each.is_paused for each in self.running)
            assert alone or claim.needs <= self.free(), "memory was promised twice"
            if claim.is_background:
                assert all(each.is_background for each in self.waiting), "it comes last"
                assert all(each.is_paused for each in self.running), "and only beside nothing"
            else:
                own = [
                    each
                    for each in self.waiting
                    if (each.client, each.is_quick) == (claim.client, claim.is_quick)
                    and not each.is_background
                ]
                assert own[0] is claim, "a client's claims keep their order"
            self.waiting.remove(claim)
            self.running.append(claim)
            self.started.append(claim)
            self.check()

    def check(self) -> None:
        others = [claim for claim in self.running if not claim.is_background]
        n_quick = sum(claim.is_quick for claim in others)
        assert len(others) <= self.schedule.n_processes
        assert n_quick <= self.schedule.n_processes - 1
        assert len(others) - n_quick <= self.schedule.n_processes - 1
        last = [claim for claim in self.running if claim.is_background and not claim.is_paused]
        assert len(last) <= 1 or self.resumed, "one at a time, unless somebody resumed others"
        assert self.schedule.running == frozenset(self.running)
        assert Counter(self.schedule.order()) == Counter(self.waiting)

    def end(self, claim: Claim) -> None:
        (self.running if claim in self.running else self.waiting).remove(claim)
        self.schedule.remove(claim)

    def do(self, act: Act) -> None:
        there = self.waiting if act.kind in ("cancel", "promote") else self.running
        if act.kind == "add":
            claim = Claim(*act.claim, is_background=act.is_background)
            self.waiting.append(claim)
            self.schedule.add(claim)
        elif there:
            claim = there[act.number % len(there)]
            if act.kind == "promote":
                if claim.is_background:
                    self.waiting.append(self.waiting.pop(self.waiting.index(claim)))
                self.schedule.promote(claim)
            elif act.kind == "pause":
                self.resumed |= claim.is_paused
                claim.is_paused = not claim.is_paused and self.schedule.may_pause(claim)
            else:
                self.end(claim)
        self.check()
        self.fill()
        some_active = any(not claim.is_paused for claim in self.running)
        assert some_active or not self.waiting, "something runs whenever something waits"


@given(st.integers(2, 6), st.integers(1, 3), acts)
@settings(deadline=None, max_examples=300)
def test_whatever_happens_the_bounds_hold_and_everything_runs_in_the_end(
    n_processes: int, n_long: int, happening: list[Act]
) -> None:
    machine = Machine(n_processes, n_long)
    for act in happening:
        machine.do(act)
    while machine.waiting:
        active = [claim for claim in machine.running if not claim.is_paused]
        machine.end(active[0])
        machine.fill()


@given(st.data())
@settings(deadline=None, max_examples=100)
def test_no_stream_of_others_keeps_a_claim_waiting(data: st.DataObject) -> None:
    """Others come for ever, twice as many as end; the claim starts all the same."""
    machine = Machine(data.draw(st.integers(2, 5)), n_long=2)
    quick, needs = data.draw(st.booleans()), data.draw(st.integers(0, 2 * MEMORY))
    mine = Claim(quick, data.draw(st.sampled_from(CLIENTS)), needs)
    kinds = st.tuples(st.booleans(), st.sampled_from(CLIENTS), st.integers(0, MEMORY))
    for _ in range(10):
        machine.do(Act("add", 0, data.draw(kinds)))
    machine.waiting.append(mine)
    machine.schedule.add(mine)
    for turn in range(200):
        machine.fill()
        if mine in machine.running:
            return
        for _ in range(2):
            machine.do(Act("add", 0, data.draw(kinds)))
        machine.end(machine.running[turn % len(machine.running)])
    raise AssertionError("it never started")


def clients_in_order(schedule: Schedule, n: int) -> list[str]:
    found = []
    for _ in range(n):
        claim = schedule.take(0)
        assert claim is not None
        found.append(claim.client[-1])
        schedule.remove(claim)
    return found


def test_clients_take_turns_and_the_newcomer_does_not_wait_for_fifty() -> None:
    schedule = Schedule(2, 1)
    for _ in range(50):
        schedule.add(Claim(False, ("x", "many")))
    assert schedule.take(0) is not None
    late = Claim(False, ("x", "one"))
    schedule.add(late)
    assert schedule.order()[0] is late
    schedule.remove(next(iter(schedule.running)))
    assert schedule.take(0) is late
    for _ in range(3):
        schedule.add(Claim(False, ("x", "one")))
    schedule.remove(late)
    assert clients_in_order(schedule, 6) == ["many", "one"] * 3


def test_many_names_at_one_address_are_one_client_for_another_address() -> None:
    schedule = Schedule(2, 1)
    for number in range(50):
        schedule.add(Claim(False, ("x", f"name {number}")))
    for _ in range(3):
        schedule.add(Claim(False, ("y", "page")))
    assert sum(name == "page" for name in clients_in_order(schedule, 6)) == 3


@pytest.mark.parametrize("n_processes", [2, 3, 4, 8])
def test_the_first_long_claim_of_a_client_does_not_wait_for_those_of_another(
    n_processes: int,
) -> None:
    schedule = Schedule(n_processes, 1)
    for _ in range(9):
        schedule.add(Claim(False, ("x", "many")))
    assert schedule.take(0) is not None
    assert schedule.take(0) is None
    schedule.add(Claim(False, ("x", "one")))
    assert (schedule.take(0) is not None) == (n_processes > 2)


def test_quick_claims_come_first_and_leave_a_place() -> None:
    schedule = Schedule(4, 2)
    for quick in (False, False, False, True, True, True, True):
        schedule.add(Claim(quick))
    taken = []
    while (claim := schedule.take(0)) is not None:
        taken.append(claim.is_quick)
    assert taken == [True, True, True, False]


def test_what_waits_for_memory_is_passed_a_few_times_and_then_waited_for() -> None:
    schedule = Schedule(3, 2)
    schedule.add(Claim(True, ("a",), 60))
    first = schedule.take(100)
    large = Claim(False, ("b",), 90)
    schedule.add(large)
    assert first is not None
    assert schedule.take(40) is None
    for _ in range(8):
        small = Claim(True, ("c",), 10)
        schedule.add(small)
        assert schedule.take(40) is small
        schedule.remove(small)
    schedule.add(Claim(True, ("c",), 10))
    assert schedule.take(40) is None
    schedule.remove(first)
    assert schedule.take(100) is large


def test_who_runs_something_yields_to_who_runs_nothing() -> None:
    schedule = Schedule(6, 2)
    for name in ("long", "short"):
        schedule.add(Claim(False, (name,)))
        schedule.add(Claim(False, (name,)))
    assert schedule.take(0) is not None
    ended = schedule.take(0)
    assert ended is not None
    assert ended.client == ("short",)
    schedule.remove(ended)
    assert [claim.client[0] for claim in schedule.order()] == ["short", "long"]


def test_background_claims_come_last_one_at_a_time_and_keep_nobody_from_a_place() -> None:
    schedule = Schedule(2, 1)
    later = [Claim(False, is_background=True) for _ in range(2)]
    now, quick = Claim(False, ("a",)), Claim(True, ("a",))
    for claim in (*later, now):
        schedule.add(claim)
    assert schedule.order() == [now, *later]
    assert schedule.take(100) is now
    assert schedule.take(100) is None, "something else runs"
    schedule.remove(now)
    assert schedule.take(100) is later[0]
    assert schedule.take(100) is None, "one at a time"
    schedule.add(now)
    schedule.add(quick)
    assert {schedule.take(100), schedule.take(100)} == {now, quick}, "both places are free"
    assert schedule.is_busy
    schedule.remove(later[0])
    schedule.remove(quick)
    assert schedule.take(100) is None
    now.is_paused = True
    assert schedule.take(100) is later[1], "what is paused does not run"


def test_a_background_claim_that_is_asked_for_is_one_like_all_others() -> None:
    schedule = Schedule(3, 2)
    other, wanted = Claim(False, ("a",)), Claim(False, ("b",), is_background=True)
    schedule.add(other)
    schedule.add(wanted)
    assert schedule.take(100) is other
    assert schedule.take(100) is None
    schedule.promote(wanted)
    assert schedule.take(100) is wanted
    assert schedule.take(100) is None


def test_the_memory_of_a_background_claim_is_wanted_by_what_cannot_start_without() -> None:
    schedule = Schedule(3, 2)
    schedule.add(Claim(False, needs=60, is_background=True))
    assert schedule.take(100) is not None
    assert not schedule.wants_memory_of_background(40)
    schedule.add(Claim(False, needs=60))
    assert schedule.take(40) is None
    assert schedule.wants_memory_of_background(40)
    assert not schedule.wants_memory_of_background(60)
