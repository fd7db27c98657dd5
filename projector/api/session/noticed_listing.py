"""A listing with what is to be said of it as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from projector.api.panels import failed_plugins
from projector.model.listing import Listing, Problem, RemoteUse


class NoticedListing:
    """Adds notices to a listing: the same object as long as both are the same."""

    def __init__(self) -> None:
        self._made: tuple[Listing, object, Listing] | None = None

    def of(
        self, found: Listing, notices: Sequence[str], uses: tuple[RemoteUse, ...] = ()
    ) -> Listing:
        """Return a listing with notices, and with what is wrong with plug-ins, as problems.

        And with what is elsewhere, and has cost so far.

        Plug-ins of formats are in the listing already: it was made with them.
        """
        told = [*notices, *(each.message for each in failed_plugins("method", "panel"))]
        if not told and not uses:
            return found
        if self._made is None or self._made[0] is not found or self._made[1] != (told, uses):
            problems = (Problem(".", ".", notice, "warning") for notice in told)
            noticed = replace(found, problems=(*found.problems, *problems), remote=uses)
            self._made = (found, (told, uses), noticed)
        return self._made[2]
