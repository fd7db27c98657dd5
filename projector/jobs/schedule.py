"""Which waiting job starts next: bounded in number, within memory, and fair between clients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

#: Who asked, from the outside to the inside, such as (address, page). Each level is fair.
Client: TypeAlias = tuple[str, ...]

#: A job that does not fit in memory lets this many others start before it; then they wait, too.
_PATIENCE = 8


@dataclass(eq=False, slots=True)
class Claim:
    """What a job claims of the machine.

    Attributes
    ----------
    is_quick : bool
        Whether it is done in seconds: the first picture of a page.
    client : tuple of str
    needs : int
        The memory that its process takes at most, in bytes; 0 if nothing is known.
    is_paused : bool
        A paused job keeps its process and its memory, but not one of the places of long jobs.
    is_background : bool
        Whether nobody waits for it: it starts when nothing else waits or runs, and keeps no other
        job from its place.
    """

    is_quick: bool
    client: Client = ()
    needs: int = 0
    is_paused: bool = False
    is_background: bool = False
    n_passed: int = field(default=0, repr=False)


class Schedule:
    """The claims that wait, and those that run.

    Quick claims come first, but never take the last process, so that a long one is not kept
    waiting by a stream of them; and long ones never take the last process, either. Within each
    kind, the client with the fewest running claims comes first, then the one that has waited
    longest for its turn; a client's own claims keep their order. Background claims come last, one
    at a time, and only when nothing else waits or runs; their process counts beside the others.

    Parameters
    ----------
    n_processes : int
        Claims that run at once; at least 2.
    n_long : int
        Long ones among them. A client that runs none may exceed it, so that its first one does
        not wait for an hour of another's.
    """

    def __init__(self, n_processes: int, n_long: int) -> None:
        self.n_processes = max(2, n_processes)
        self._n_long = n_long
        self._waiting: list[Claim] = []
        self._running: set[Claim] = set()
        self._turns: dict[tuple[bool, Client], int] = {}
        self._n_started: Counter[bool] = Counter()

    @property
    def running(self) -> frozenset[Claim]:
        """The claims that run."""
        return frozenset(self._running)

    @property
    def n_waiting(self) -> int:
        """How many claims wait."""
        return len(self._waiting)

    def n_waiting_of(self, client: Client) -> int:
        """Return how many claims of a client wait."""
        return sum(claim.client == client for claim in self._waiting)

    def add(self, claim: Claim) -> None:
        """Let a claim wait."""
        self._waiting.append(claim)
        for level in [] if claim.is_background else _levels(claim):
            # Before the client that started last, and after all others that wait.
            last = 2 * self._n_started[claim.is_quick]
            self._turns.setdefault((claim.is_quick, level), last - 1)

    def remove(self, claim: Claim) -> None:
        """Forget a claim that waits or runs: it has ended."""
        if claim in self._running:
            self._running.discard(claim)
        elif claim in self._waiting:
            self._waiting.remove(claim)
            self._forget_turns(claim)

    def promote(self, claim: Claim) -> None:
        """Make a background claim one like all others: somebody asks for it now."""
        was_background, claim.is_background = claim.is_background, False
        if was_background and claim in self._waiting:
            self._waiting.remove(claim)
            self.add(claim)

    @property
    def is_busy(self) -> bool:
        """Whether a claim runs that is neither paused nor in the background."""
        return any(not each.is_paused for each in self._foreground())

    def take(self, free: int) -> Claim | None:
        """Return the claim that starts now, or None if none may; it counts as running then.

        Parameters
        ----------
        free : int
            Bytes of memory that no running claim will need. One claim runs even if it needs more.
        """
        if not self._waiting or len(self._foreground()) >= self.n_processes:
            return None
        candidates = list(self._candidates())
        impatient = [each for each in candidates if each.n_passed >= _PATIENCE]
        # A paused claim may never go on: nothing waits for it to give its memory back.
        is_alone = all(each.is_paused for each in self._running)
        for claim in impatient[:1] or candidates:
            if is_alone or claim.needs <= free:
                for each in candidates:
                    each.n_passed += each is not claim and each.needs > free
                self._start(claim)
                return claim
        return None

    def may_pause(self, claim: Claim) -> bool:
        """Return whether a claim can be paused, and still leave places for claims of both kinds."""
        paused = [each for each in self._running if each.is_paused and each is not claim]
        return len(paused) < self.n_processes - 2

    def order(self) -> list[Claim]:
        """Return the waiting claims in the order in which they would start now."""
        last = [claim for claim in self._waiting if claim.is_background]
        return [*self._fair(is_quick=True), *self._fair(is_quick=False), *last]

    def wants_memory_of_background(self, free: int) -> bool:
        """Return whether a claim could start if a background claim gave its memory back."""
        if len(self._running) == len(self._foreground()):
            return False
        if len(self._foreground()) >= self.n_processes:
            return False
        return any(each.needs > free for each in self._candidates())

    def _foreground(self) -> list[Claim]:
        return [claim for claim in self._running if not claim.is_background]

    def _candidates(self) -> Iterable[Claim]:
        """Give the first waiting claim of each client that may start, in fair order."""
        if all(claim.is_background for claim in self._waiting):
            if all(each.is_paused for each in self._running):
                yield self._waiting[0]
            return
        running: Counter[bool] = Counter(claim.is_quick for claim in self._foreground())
        for is_quick in (True, False):
            seen: set[Client] = set()
            if running[is_quick] >= self.n_processes - 1:
                continue
            for claim in self._fair(is_quick=is_quick):
                if claim.client not in seen and (is_quick or self._has_place(claim)):
                    yield claim
                seen.add(claim.client)

    def _has_place(self, claim: Claim) -> bool:
        """Return whether there is a place for a long claim."""
        running = [each for each in self._foreground() if not each.is_quick]
        if sum(not each.is_paused for each in running) < self._n_long:
            return True
        return all(each.client != claim.client for each in running)

    def _start(self, claim: Claim) -> None:
        self._waiting.remove(claim)
        self._running.add(claim)
        if claim.is_background:
            return
        self._n_started[claim.is_quick] += 1
        for level in _levels(claim):
            self._turns[claim.is_quick, level] = 2 * self._n_started[claim.is_quick]
        self._forget_turns(claim)

    def _forget_turns(self, claim: Claim) -> None:
        """Drop the turns of clients that wait for nothing; they get one when they come again."""
        waiting = {
            level
            for each in self._waiting
            if each.is_quick == claim.is_quick and not each.is_background
            for level in _levels(each)
        }
        for level in _levels(claim):
            if level not in waiting:
                self._turns.pop((claim.is_quick, level), None)

    def _fair(self, *, is_quick: bool) -> list[Claim]:
        running = Counter(
            level
            for claim in self._foreground()
            if claim.is_quick == is_quick
            for level in _levels(claim)
        )
        waiting = [
            claim
            for claim in self._waiting
            if claim.is_quick == is_quick and not claim.is_background
        ]
        return self._turn_by_turn(waiting, running, is_quick, depth=1)

    def _turn_by_turn(
        self, claims: list[Claim], running: Counter[Client], is_quick: bool, depth: int
    ) -> list[Claim]:
        """Merge the claims of all clients so that each has its turn, at this level and below."""
        if all(len(claim.client) < depth for claim in claims):
            return claims
        clients: dict[Client, list[Claim]] = {}
        for claim in claims:
            clients.setdefault(claim.client[:depth], []).append(claim)
        ranked = [
            (running[client] + place, self._turns.get((is_quick, client), 0), claim)
            for client, own in clients.items()
            for place, claim in enumerate(self._turn_by_turn(own, running, is_quick, depth + 1))
        ]
        return [claim for _, _, claim in sorted(ranked, key=lambda each: each[:2])]


def _levels(claim: Claim) -> list[Client]:
    return [claim.client[:depth] for depth in range(1, len(claim.client) + 1)]
