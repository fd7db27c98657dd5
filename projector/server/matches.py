"""Routes about which points two datasets have in common."""

from __future__ import annotations

from flask import Blueprint, Response

from projector.api.change.matching import Match, match_points
from projector.api.change.shared_columns import naming_column, shared_columns
from projector.api.session.session import Session
from projector.errors import ParameterError
from projector.model.dataset import Dataset
from projector.server.queries import query_text
from projector.server.responses import bytes_reply, json_reply


def matches_blueprint(session: Session) -> Blueprint:
    """Return the routes of the match of one dataset with another."""
    routes = Blueprint("matches", __name__, url_prefix="/datasets/<dataset_id>/match")

    def both(dataset_id: str) -> tuple[Dataset, Dataset]:
        return session.dataset(dataset_id).data, session.dataset(query_text("to")).data

    @routes.get("")
    def match(dataset_id: str) -> Response:
        """Send how many points two datasets have in common, and by what they were matched."""
        a, b = both(dataset_id)
        by = query_text("by") or _proposal(a, b)
        about = {"by": by, "columns": list(shared_columns(a, b))}
        if by is None:
            nothing = {"n_shared": 0, "n_only_a": a.n_points, "n_only_b": b.n_points}
            return json_reply({**about, **nothing, "n_duplicated": 0, "warnings": []})
        return json_reply({**about, **_counts(match_points(a, b, by))})

    @routes.get("/rows")
    def rows(dataset_id: str) -> Response:
        """Send for each point of one dataset its row in the other."""
        a, b = both(dataset_id)
        by = query_text("by")
        if not by:
            raise ParameterError("'by' must be 'row', 'label' or the name of a column.")
        found = match_points(a, b, by)
        return bytes_reply(
            found.rows_to_b().astype("<u4").tobytes(), etag=f"{a.content_hash}-{found.content}"
        )

    return routes


def _proposal(a: Dataset, b: Dataset) -> str | None:
    """Return by what two datasets are matched where nobody has said it."""
    return "row" if a.n_points == b.n_points else naming_column(a, b)


def _counts(found: Match) -> dict[str, object]:
    return {
        "n_shared": len(found.rows_a),
        "n_only_a": len(found.only_a),
        "n_only_b": len(found.only_b),
        "n_duplicated": len(found.duplicated_a),
        "warnings": list(found.warnings),
    }
