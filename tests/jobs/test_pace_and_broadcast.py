from __future__ import annotations

import threading

import pytest

from projector.jobs.broadcast import Broadcast, Event
from projector.jobs.pace import Pace


def test_the_rest_takes_as_long_as_the_first_part_did() -> None:
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    assert pace.remaining("layout", 0, 100) is None
    now[0] = 10.0
    assert pace.remaining("layout", 25, 100) == pytest.approx(30.0)
    assert pace.remaining("other", 1, 100) is None, "a new phase has its own pace"


def test_no_guess_is_made_before_it_is_worth_one() -> None:
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    pace.remaining("layout", 0, 1000)
    now[0] = 0.01
    assert pace.remaining("layout", 500, 1000) is None
    now[0] = 5.0
    assert pace.remaining("layout", 1, 1000) is None
    assert pace.remaining("layout", 3, 0) is None


def test_a_mailbox_keeps_the_newest_of_each_key() -> None:
    broadcast = Broadcast()
    mailbox = broadcast.subscribe()
    for content in range(100):
        broadcast.publish(Event("projection", "a", content))
        broadcast.publish(Event("projection", "b", -content))
    assert mailbox.wait(1) == [Event("projection", "a", 99), Event("projection", "b", -99)]
    assert mailbox.wait(0.01) == []


def test_closing_wakes_whoever_waits() -> None:
    broadcast = Broadcast()
    mailbox = broadcast.subscribe()
    found: list[object] = [0]
    waiter = threading.Thread(target=lambda: found.append(mailbox.wait(30)))
    waiter.start()
    broadcast.close()
    waiter.join(5)
    assert not waiter.is_alive()
    assert found[-1] is None
