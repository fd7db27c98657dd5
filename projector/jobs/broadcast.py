"""Tell many listeners what changed; each one that lags gets the newest, never a backlog."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something changed: ``name`` says what kind, ``key`` which one, ``content`` how."""

    name: str
    key: str
    content: Any


class Subscription:
    """One listener's mailbox: the newest event of each (name, key), in order of arrival."""

    def __init__(self, owner: Broadcast) -> None:
        self._owner = owner
        self._arrived = threading.Condition()
        self._waiting: dict[tuple[str, str], Event] = {}
        self._closed = False

    def deliver(self, event: Event) -> None:
        """Put an event into the mailbox, over an older one of the same key."""
        with self._arrived:
            self._waiting.pop((event.name, event.key), None)
            self._waiting[event.name, event.key] = event
            self._arrived.notify()

    def wait(self, timeout: float) -> list[Event] | None:
        """Return what has come, an empty list after `timeout` seconds, None when closed."""
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
    """Where events are published and listened to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[Subscription] = set()

    def subscribe(self) -> Subscription:
        """Return a new mailbox; close it when done."""
        subscription = Subscription(self)
        with self._lock:
            self._listeners.add(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Deliver nothing more to this mailbox."""
        with self._lock:
            self._listeners.discard(subscription)

    def publish(self, event: Event) -> None:
        """Deliver an event to every listener."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener.deliver(event)

    def close(self) -> None:
        """Send every listener home."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener.close()
