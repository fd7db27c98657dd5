"""The Flask application: one session, one blueprint per resource."""

from __future__ import annotations

from flask import Blueprint, Flask

from projector.api.session.session import Session
from projector.server.access import guard
from projector.server.columns import columns_blueprint
from projector.server.datasets import datasets_blueprint
from projector.server.error_handlers import handle_errors
from projector.server.events import events_blueprint
from projector.server.listing import listing_blueprint
from projector.server.points import points_blueprint
from projector.server.projections import projections_blueprint
from projector.server.quality import quality_blueprint
from projector.server.search import search_blueprint
from projector.server.selection import selection_blueprint
from projector.server.static_files import page_blueprint
from projector.server.streams import StreamSlots
from projector.server.tags import tags_blueprint

#: Threads of the server, and how many of them streams may occupy.
THREADS = 96
STREAMS = 80
#: The largest request body: some parameters. Uploads and tags have limits of their own.
_MAX_BODY = 1 << 20


def create_app(session: Session, *, token: str | None = None) -> Flask:
    """Return the application that serves `session`.

    Parameters
    ----------
    session : Session
    token : str, optional
        Required with every request; without one, only loopback host names are answered.
    """
    app = Flask("projector.server", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    app.url_map.merge_slashes = False  # "//" in a path is not "/"
    handle_errors(app)
    guard(app, token)
    slots = StreamSlots(STREAMS)
    resources = Blueprint("api", __name__, url_prefix="/api/v1")
    resources.register_blueprint(listing_blueprint(session))
    resources.register_blueprint(datasets_blueprint(session))
    resources.register_blueprint(columns_blueprint(session))
    resources.register_blueprint(points_blueprint(session))
    resources.register_blueprint(search_blueprint(session))
    resources.register_blueprint(tags_blueprint(session))
    resources.register_blueprint(projections_blueprint(session, slots))
    resources.register_blueprint(quality_blueprint(session))
    resources.register_blueprint(selection_blueprint(session))
    resources.register_blueprint(events_blueprint(session, slots))
    app.register_blueprint(resources)
    app.register_blueprint(page_blueprint())
    return app
