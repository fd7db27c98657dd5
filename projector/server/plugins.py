"""Routes of plug-ins: what is installed, and the modules of their panels."""

from __future__ import annotations

from flask import Blueprint, Response

from projector.api.panels import PANELS, failed_plugins, find_panel, installed_plugins
from projector.server.responses import json_reply


def plugins_blueprint() -> Blueprint:
    """Return the routes of plug-ins."""
    routes = Blueprint("plugins", __name__, url_prefix="/plugins")

    @routes.get("")
    def show() -> Response:
        """Send what is installed, the panels of the page, and why a plug-in cannot be used."""
        panels = [
            {
                "name": each.panel.name,
                "title": each.panel.title,
                "origin": each.plugin.origin,
                "digest": each.digest,
            }
            for each in PANELS.values()
        ]
        return json_reply(
            {
                "panels": panels,
                "installed": [each.describe() for each in installed_plugins()],
                "problems": [each.message for each in failed_plugins()],
            }
        )

    @routes.get("/<name>/<digest>.js")
    def module(name: str, digest: str) -> Response:
        """Send the module of a panel."""
        found = find_panel(name, digest)
        response = Response(found.content, content_type="text/javascript; charset=utf-8")
        # The address has a hash of the content, so it never stands for other content.
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return response

    return routes
