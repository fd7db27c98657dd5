from __future__ import annotations

from flask.testing import FlaskClient

from tests.server.client_calls import get


def test_the_listing(client: FlaskClient) -> None:
    log = get(client, "/log")
    assert log["name"] == "runs"
    assert len(log["version"]) == 16
    (entry,) = log["entries"]
    assert (entry["name"], entry["step"], entry["n_points"], entry["n_dims"]) == (
        "default",
        0,
        300,
        12,
    )
    assert (entry["has_metadata"], entry["has_sprite"], entry["role"]) == (True, True, "embedding")
    assert log["problems"] == []


def test_the_methods_declare_their_parameters(client: FlaskClient) -> None:
    methods = {m["name"]: m for m in get(client, "/methods")["methods"]}
    assert {"pca", "tsne", "umap"} <= methods.keys()
    names = {p["name"] for p in methods["umap"]["parameters"]}
    assert {"n_components", "n_neighbors", "min_dist", "metric", "random_state"} <= names
    for method in methods.values():
        assert method["summary"]
        assert all(p["help"] for p in method["parameters"])
