"""Server-sent events: how work goes on, and what changes in the log directory."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Blueprint, Response

from projector.api.projections import Computation
from projector.api.session import Session
from projector.jobs.broadcast import Event, Subscription
from projector.model.listing import Listing
from projector.server.log import listing_version
from projector.server.projections import describe
from projector.server.replies import plain
from projector.server.streams import StreamPlaces

_QUIET_SECONDS = 15.0


def events_blueprint(session: Session, places: StreamPlaces) -> Blueprint:
    """Return the route of the event stream."""
    routes = Blueprint("events", __name__)

    @routes.get("/events")
    def events() -> Response:
        return places.stream(event_stream(session.events.subscribe()), "text/event-stream")

    return routes


def event_stream(subscription: Subscription) -> Iterator[bytes]:
    """Give events as they come, and a comment line where none do."""
    try:
        yield b": open\n\n"
        while True:
            events = subscription.wait(_QUIET_SECONDS)
            if events is None:
                return
            yield b"".join(map(event_bytes, events)) or b": still open\n\n"
    finally:
        subscription.close()


def event_bytes(event: Event) -> bytes:
    """Return one event as the stream has it."""
    if isinstance(event.content, Listing):
        content: object = {"version": listing_version(event.content)}
    else:
        assert isinstance(event.content, Computation), "there are two kinds of events"
        content = describe(event.content)
    return f"event: {event.name}\ndata: {json.dumps(plain(content))}\n\n".encode()
