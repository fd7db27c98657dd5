"""What a request does to the others: the one declaration of the routes that change something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect

Effect = Literal["reads", "changes"]

#: Methods that never change anything, by the definition of HTTP.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

#: Every other route, by its endpoint. "reads": it answers a question, or computes what anybody may
#: compute. "changes": others see another listing, selection, tags or projection afterwards.
EFFECTS: Mapping[str, Effect] = {
    "api.analyses.begin": "reads",
    "api.analyses.cancel": "changes",
    "api.analyses.look": "changes",
    "api.analyses.pause": "changes",
    "api.columns.named": "reads",
    "api.columns.texts": "reads",
    "api.contrast.compare": "reads",
    "api.datasets.subset": "changes",
    "api.formulas.compute": "changes",
    "api.formulas.remove": "changes",
    "api.formulas.where": "reads",
    "api.log.demo": "changes",
    "api.log.upload": "changes",
    "api.projections.cancel": "changes",
    "api.projections.pause": "changes",
    "api.projections.start": "reads",
    "api.projections.trigger": "changes",
    "api.projections.update": "changes",
    "api.quality.measure": "reads",
    "api.search.nearest_points": "reads",
    "api.selection.save": "changes",
    "api.tags.save": "changes",
}


def changes(routes: Map, method: str, path: str) -> bool:
    """Return whether a request changes something that others see.

    Parameters
    ----------
    routes : Map
        All routes of the application.
    method : str
    path : str
        Below the application's root, decoded.
    """
    if method in SAFE_METHODS:
        return False
    try:
        endpoint, _ = routes.bind("").match(path, method)
    except (HTTPException, RequestRedirect):
        return False  # no such route: refused anyway
    # A route that somebody forgot to declare is none that may change something unseen.
    return EFFECTS.get(endpoint, "changes") == "changes"
