"""The stream of server-sent events: progress of projections, changes of the listing."""

from __future__ import annotations

import json
from functools import partial

from flask import Blueprint, Response

from projector.api.session.analyses import Analysis
from projector.api.session.computations import Computation
from projector.api.session.session import Session
from projector.api.session.shared_selection import Selected
from projector.jobs.broadcast import Event
from projector.model.listing import Listing
from projector.server.analyses import describe_analysis
from projector.server.listing_forms import ListingForms
from projector.server.projections import describe
from projector.server.responses import plain
from projector.server.selection import describe_selected
from projector.server.streams import Chunks, StreamSlots, WhenLeft

_QUIET_SECONDS = 15.0


def events_blueprint(session: Session, forms: ListingForms, slots: StreamSlots) -> Blueprint:
    """Return the route of the event stream."""
    routes = Blueprint("events", __name__)

    @routes.get("/events")
    def events() -> Response:
        """Stream events until the page leaves or the server closes."""
        return slots.stream(partial(event_stream, session, forms), "text/event-stream")

    return routes


def event_stream(session: Session, forms: ListingForms, when_left: WhenLeft) -> Chunks:
    """Yield events as they come, and a comment line when there are none for a while."""
    subscription = session.events.subscribe()
    try:
        when_left(subscription.close)
        # A page that is opened later follows what Python selected before.
        first = Event("selection", "", session.selection.now())
        yield b": open\n\n" + event_bytes(first, forms)
        while True:
            events = subscription.wait(_QUIET_SECONDS)
            if events is None:
                return
            yield b"".join(event_bytes(each, forms) for each in events) or b": still open\n\n"
    finally:
        subscription.close()


def event_bytes(event: Event, forms: ListingForms) -> bytes:
    """Return one event in the format of the stream."""
    if isinstance(event.content, Listing):
        content: object = {"version": forms.now().version}
    elif isinstance(event.content, Selected):
        content = describe_selected(event.content)
    elif isinstance(event.content, Analysis):
        content = describe_analysis(event.content)
    else:
        assert isinstance(event.content, Computation), "there are four kinds of events"
        content = describe(event.content)
    return f"event: {event.name}\ndata: {json.dumps(plain(content))}\n\n".encode()
