from __future__ import annotations

import json

from projector.api.session.session import Session
from projector.server.events import event_stream
from projector.server.listing_forms import ListingForms


def test_events_report_progress_and_changes(session: Session, dataset: str) -> None:
    forms = ListingForms(lambda: session.listing, read_only=False)
    stream = event_stream(session, forms, lambda tell: None)
    assert next(stream).startswith(b": open\n\nevent: selection\n")
    # A seed of its own: what another test has put into the cache is done without an event.
    vectors = session.dataset(dataset).data
    session.projections.start(dataset, vectors, "pca", {"random_state": 357})
    events = b""
    while b'"state": "done"' not in events:
        events = next(stream)
    name, data = events.decode().strip().rsplit("\n\n", 1)[-1].split("\n")
    assert name == "event: projection"
    assert json.loads(data.removeprefix("data: "))["state"] == "done"
    session.events.close()
    assert next(stream, None) is None
