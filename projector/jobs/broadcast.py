"""Delivers events to many subscribers; a slow one gets the newest of each kind, no backlog."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something changed: ``name`` is the kind of event, ``key`` what changed, ``content`` how."""

    name: str
    key: str
    content: Any


class Subscription:
    """The mailbox of one subscriber: the newest event of each (name, key), in order of arrival."""

    def __init__(self, owner: Broadcast) -> None:
        self._owner = owner
        self._arrived = threading.Condition()
        self._waiting: dict[tuple[str, str], Event] = {}
        self._closed = False

    def deliver(self, event: Event) -> None:
        """Put an event into the mailbox; it replaces an older one of the same name and key."""
        with self._arrived:
            self._waiting.pop((event.name, event.key), None)
            self._waiting[event.name, event.key] = event
            self._arrived.notify()

    def wait(self, timeout: float) -> list[Event] | None:
        """Return the events so far, an empty list after `timeout` seconds, None when closed."""
        with self._arrived:
            self._arrived.wait_for(lambda: bool(self._waiting) or self._closed, timeout)
            if self._closed:
                return None
            events = list(self._waiting.values())
            self._waiting.clear()
            return events

    def close(self) -> None:
        """Stop listening; a waiting `wait` returns at once."""
        self._owner.forget(self)
        with self._arrived:
            self._closed = True
            self._arrived.notify_all()


class Broadcast:
    """Publishes events to all subscriptions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[Subscription] = set()

    def subscribe(self) -> Subscription:
        """Return a new subscription; close it when done."""
        subscription = Subscription(self)
        with self._lock:
            self._listeners.add(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Deliver nothing more to this subscription."""
        with self._lock:
            self._listeners.discard(subscription)

    def publish(self, event: Event) -> None:
        """Deliver an event to every subscription."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener.deliver(event)

    def close(self) -> None:
        """Close every subscription."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener.close()
