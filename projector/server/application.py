"""The Flask application: one session, one blueprint per resource."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from flask import Blueprint, Flask

from projector.api.session.session import Session
from projector.server.access import AccessPolicy, access_policy
from projector.server.analyses import analyses_blueprint
from projector.server.body_limits import BodyLimits
from projector.server.budget import budget
from projector.server.columns import columns_blueprint
from projector.server.contrast import contrast_blueprint
from projector.server.datasets import datasets_blueprint
from projector.server.density import density_blueprint
from projector.server.effects import changes
from projector.server.error_handlers import handle_errors
from projector.server.events import events_blueprint
from projector.server.formulas import formulas_blueprint
from projector.server.gate import Gate
from projector.server.guard import guard
from projector.server.listing import listing_blueprint
from projector.server.listing_forms import ListingForms
from projector.server.matches import matches_blueprint
from projector.server.plugins import plugins_blueprint
from projector.server.points import points_blueprint
from projector.server.projections import projections_blueprint
from projector.server.quality import quality_blueprint
from projector.server.queries import PathNumber
from projector.server.runs import runs_blueprint
from projector.server.search import search_blueprint
from projector.server.selection import largest_groups, largest_selection, selection_blueprint
from projector.server.static_files import page_blueprint
from projector.server.streams import StreamSlots
from projector.server.tables import tables_blueprint
from projector.server.tags import tags_blueprint

#: Where the application keeps its gate, so that a server before it decides alike.
_GATE = "projector.gate"


def create_app(
    session: Session,
    *,
    token: str | None = None,
    embedded: bool = False,
    allowed_hosts: Sequence[str] = (),
    behind_proxy: bool = False,
    frame_origins: Sequence[str] = (),
    public_url: str | None = None,
    read_only: bool = False,
) -> Flask:
    """Return the application that serves `session`.

    Parameters
    ----------
    session : Session
    token : str, optional
        Required with every request; without one, only loopback host names are answered, and those
        that the other options name.
    embedded : bool
        Whether another program mounts the application behind its own gate: hosts and origins are
        then left to it.
    allowed_hosts : sequence of str
        Host names that are answered, too; ``".example.com"`` stands for all names below it.
    behind_proxy : bool
        Whether the `X-Forwarded-…` headers of one proxy are believed.
    frame_origins : sequence of str
        Origins of pages that may show ours in a frame.
    public_url : str, optional
        Where others open the page: its host is answered, and its path is the root.
    read_only : bool
        Whether requests that change what others see are refused.

    Raises
    ------
    ParameterError
        A host, an origin or the URL is none.
    """
    policy = access_policy(
        token=token,
        embedded=embedded,
        allowed_hosts=allowed_hosts,
        behind_proxy=behind_proxy,
        frame_origins=frame_origins,
        public_url=public_url,
        read_only=read_only,
    )
    return application(session, policy)


def application(session: Session, policy: AccessPolicy) -> Flask:
    """Return the application that serves `session` to those whom `policy` answers."""
    app = Flask("projector.server", static_folder=None)
    app.url_map.converters["int"] = PathNumber
    app.url_map.merge_slashes = False  # "//" in a path is not "/"
    policy = replace(policy, changes=partial(changes, app.url_map))
    app.wsgi_app = policy.placement.around(app.wsgi_app)  # type: ignore[assignment, method-assign]
    bodies = BodyLimits(
        app.url_map, partial(largest_selection, session), partial(largest_groups, session)
    )
    app.extensions[_GATE] = Gate(policy, bodies)
    handle_errors(app)
    guard(app, policy, bodies)
    _add_routes(app, session, policy)
    return app


def gate_of(app: Flask) -> Gate:
    """Return how an application decides whom it answers, before the body."""
    return cast("Gate", app.extensions[_GATE])


def _add_routes(app: Flask, session: Session, policy: AccessPolicy) -> None:
    slots = StreamSlots(budget().streams)
    forms = ListingForms(lambda: session.listing_now, read_only=policy.read_only)
    resources = Blueprint("api", __name__, url_prefix="/api/v1")
    resources.register_blueprint(listing_blueprint(session, forms))
    resources.register_blueprint(datasets_blueprint(session))
    resources.register_blueprint(matches_blueprint(session))
    resources.register_blueprint(columns_blueprint(session))
    resources.register_blueprint(contrast_blueprint(session))
    resources.register_blueprint(density_blueprint(session))
    resources.register_blueprint(formulas_blueprint(session))
    resources.register_blueprint(points_blueprint(session))
    resources.register_blueprint(search_blueprint(session))
    resources.register_blueprint(tags_blueprint(session))
    resources.register_blueprint(projections_blueprint(session, slots))
    resources.register_blueprint(tables_blueprint(session))
    resources.register_blueprint(quality_blueprint(session))
    resources.register_blueprint(analyses_blueprint(session, slots))
    resources.register_blueprint(runs_blueprint(session))
    resources.register_blueprint(selection_blueprint(session))
    resources.register_blueprint(plugins_blueprint())
    resources.register_blueprint(events_blueprint(session, forms, slots))
    app.register_blueprint(resources)
    app.register_blueprint(page_blueprint(session))
