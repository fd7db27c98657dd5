"""Which points two datasets have in common, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from projector.api.session.session import Session
from tests.server.client_calls import get

NO_ROW = 2**32 - 1
#: The names of the points of two runs, in another order and each with some of its own.
A = [f"w{i}" for i in range(40)]
B = [f"w{i}" for i in reversed(range(25, 60))]


def write_run(folder: Path, names: list[str]) -> None:
    place = folder / "00000" / "default"
    place.mkdir(parents=True)
    vectors = np.random.default_rng(len(names)).normal(size=(len(names), 5))
    np.savetxt(place / "tensors.tsv", vectors, delimiter="\t")
    rows = "\n".join(f"{'xyz'[i % 3]}\t{name}" for i, name in enumerate(names))
    (place / "metadata.tsv").write_text(f"kind\tword\n{rows}\n")
    (folder / "projector_config.pbtxt").write_text(
        'embeddings {\n  tensor_name: "default:00000"\n'
        '  tensor_path: "00000/default/tensors.tsv"\n'
        '  metadata_path: "00000/default/metadata.tsv"\n}\n'
    )


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    write_run(tmp_path / "runs" / "a", A)
    write_run(tmp_path / "runs" / "b", B)
    made = Session(tmp_path / "runs", watch=False)
    made.wait()
    yield made
    made.close()


@pytest.fixture
def ids(session: Session) -> dict[str, str]:
    return {entry.run: entry.id for entry in session.listing.entries}


def rows(client: FlaskClient, a: str, b: str, by: str) -> list[int]:
    answer = client.get(f"/api/v1/datasets/{a}/match/rows", query_string={"to": b, "by": by})
    assert answer.status_code == 200, answer.data
    found: list[int] = np.frombuffer(answer.data, "<u4").tolist()
    return found


def test_other_numbers_of_rows_are_matched_by_the_column_that_names_them(
    client: FlaskClient, ids: dict[str, str]
) -> None:
    found: dict[str, Any] = get(client, f"/datasets/{ids['a']}/match?to={ids['b']}")
    assert found == {
        "by": "word",
        "columns": ["kind", "word"],
        "n_shared": 15,
        "n_only_a": 25,
        "n_only_b": 20,
        "n_duplicated": 0,
        "warnings": [
            "15 points are on both sides, 25 only on the first and 20 only on the second."
        ],
    }
    there = rows(client, ids["a"], ids["b"], "word")
    assert there == [B.index(word) if word in B else NO_ROW for word in A]
    back = rows(client, ids["b"], ids["a"], "word")
    assert back == [A.index(word) if word in A else NO_ROW for word in B]


def test_as_many_rows_are_matched_by_row_unless_a_column_is_asked_for(
    client: FlaskClient, ids: dict[str, str]
) -> None:
    own = ids["a"]
    found = get(client, f"/datasets/{own}/match?to={own}")
    assert (found["by"], found["n_shared"], found["n_only_a"]) == ("row", 40, 0)
    assert rows(client, own, own, "row") == list(range(40))
    doubled = get(client, f"/datasets/{own}/match?to={ids['b']}&by=kind")
    assert doubled["by"] == "kind"
    assert doubled["n_duplicated"] == 40
    assert doubled["n_shared"] == sum(
        min(sum(i % 3 == k for i in range(40)), sum(i % 3 == k for i in range(35)))
        for k in range(3)
    )


def test_what_cannot_be_matched_is_refused(client: FlaskClient, ids: dict[str, str]) -> None:
    a, b = ids["a"], ids["b"]
    get(client, f"/datasets/{a}/match?to={b}&by=row", 400)
    get(client, f"/datasets/{a}/match?to={b}&by=nothing", 404)
    get(client, f"/datasets/{a}/match?to=nowhere", 404)
    get(client, f"/datasets/{a}/match", 404)
    get(client, f"/datasets/{a}/match/rows?to={b}", 400)
    get(client, f"/datasets/{a}/match?to={b}&by=word&by=kind", 400)
