"""Every subscriber gets the newest event of each key, and none when it has closed."""

from __future__ import annotations

import threading

from projector.jobs.broadcast import Broadcast, Event


def test_a_mailbox_keeps_the_newest_of_each_key() -> None:
    broadcast = Broadcast()
    mailbox = broadcast.subscribe()
    for content in range(100):
        broadcast.publish(Event("projection", "a", content))
        broadcast.publish(Event("projection", "b", -content))
    assert mailbox.wait(1) == [Event("projection", "a", 99), Event("projection", "b", -99)]
    assert mailbox.wait(0.01) == []


def test_every_subscriber_gets_every_event_until_it_closes() -> None:
    broadcast = Broadcast()
    first, second = broadcast.subscribe(), broadcast.subscribe()
    event = Event("log", "", 1)
    broadcast.publish(event)
    first.close()
    assert first.wait(0) is None
    assert second.wait(0) == [event]


def test_closing_wakes_waiting_threads() -> None:
    broadcast = Broadcast()
    mailbox = broadcast.subscribe()
    found: list[object] = [0]
    waiter = threading.Thread(target=lambda: found.append(mailbox.wait(30)))
    waiter.start()
    broadcast.close()
    waiter.join(5)
    assert not waiter.is_alive()
    assert found[-1] is None
