"""The example plug-in, installed as a person would: its format, its method, its panel."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.csv
import pytest

from tests.plugins.installing import EXAMPLE, install, python, run, write_fvecs

pytestmark = pytest.mark.slow

#: Serves a log directory, projects its first entry with the example's method, and says how it went.
SERVE = """
import json, sys, time
from projector.api.session.session import Session
from projector.server.application import create_app
session = Session(sys.argv[1], watch=False)
client = create_app(session).test_client()
entry = session.listing.entries[0]
body = {"dataset": entry.id, "method": "random", "params": {"n_components": 3}}
begun = client.post("/api/v1/projections", json=body)
while (now := client.get(f"/api/v1/projections/{begun.json['id']}").json)["state"] not in (
    "done", "failed"
):
    time.sleep(0.02)
offered = {each["name"]: each["plugin"] for each in client.get("/api/v1/methods").json["methods"]}
about = client.get("/api/v1/plugins").json
panel = about["panels"][0]
module = client.get(f"/api/v1/plugins/{panel['name']}/{panel['digest']}.js")
print(json.dumps({
    "state": now["state"], "problem": now.get("error"), "versions": now["details"]["versions"],
    "offered": offered, "about": about, "module": module.text, "type": module.content_type,
    "policy": module.headers["Content-Security-Policy"],
    "stale": client.get(f"/api/v1/plugins/{panel['name']}/0000.js").status_code,
    "id": begun.json["id"],
}))
session.close()
"""

CONTRACTS = """
import json, sys
from projector.testing import check_loader, check_method, check_panel
import projector_example
check_loader(projector_example.Fvecs(), [sys.argv[1]])
check_method(projector_example.RANDOM)
check_panel(projector_example.SPREAD)
print(json.dumps("kept"))
"""


def test_it_is_short() -> None:
    code = [EXAMPLE / "pyproject.toml", *(EXAMPLE / "projector_example").glob("*.*")]
    assert sum(len(each.read_text().splitlines()) for each in code) <= 120


def test_the_format_is_listed_and_read(example: Path, logdir: Path, tmp_path: Path) -> None:
    vectors = write_fvecs(logdir / "sift.fvecs")
    found = run("list", logdir, "--json", plugins=(example,))
    assert found.returncode == 0, found.stderr
    listed = json.loads(found.stdout)
    assert [(each["format"], each["shape"]) for each in listed["entries"]] == [("fvecs", [40, 6])]
    assert listed["problems"] == []
    assert [each["distribution"] for each in listed["plugins"]] == ["projector-example"]
    out = tmp_path / "near.csv"
    assert run("neighbors", logdir, "-k", "1", "-o", out, plugins=(example,)).returncode == 0
    near = pyarrow.csv.read_csv(out)["neighbor"].to_numpy()
    distances = ((vectors[:, None] - vectors[None]) ** 2).sum(2) + np.diag(np.full(40, np.inf))
    np.testing.assert_array_equal(near, distances.argmin(1))


def test_a_damaged_file_is_one_problem(example: Path, logdir: Path) -> None:
    (logdir / "cut.fvecs").write_bytes((logdir / "sift.fvecs").read_bytes()[:-3])
    listed = json.loads(run("list", logdir, "--json", plugins=(example,)).stdout)
    assert [each["path"] for each in listed["entries"]] == ["sift.fvecs"]
    assert [each["path"] for each in listed["problems"]] == ["cut.fvecs"]
    assert "is no fvecs file" in listed["problems"][0]["message"]


def test_the_method_runs_in_a_worker_and_the_panel_is_served(example: Path, logdir: Path) -> None:
    found = python(SERVE, logdir, plugins=(example,))
    assert isinstance(found, dict)
    assert (found["state"], found["problem"]) == ("done", None)
    assert found["versions"]["dist:projector-example"] == "1.0"
    assert found["offered"]["random"] == "projector-example 1.0"
    assert found["offered"]["umap"] is None
    assert found["about"]["problems"] == []
    assert [each["kind"] for each in found["about"]["installed"]] == ["loader", "method", "panel"]
    assert found["module"] == (EXAMPLE / "projector_example" / "spread.js").read_text()
    assert found["type"].startswith("text/javascript")
    assert "script-src 'self'" in found["policy"]
    assert found["stale"] == 404


def test_another_version_of_the_package_is_another_result(
    example: Path, logdir: Path, tmp_path: Path
) -> None:
    source = (example / "projector_example" / "__init__.py").read_text()
    ids = []
    for version in ("1.0", "1.1"):
        folder = tmp_path / version
        entries = {
            "projector.loaders": {"fvecs": "projector_example:Fvecs"},
            "projector.methods": {"random": "projector_example:RANDOM"},
            "projector.panels": {"spread": "projector_example:SPREAD"},
        }
        install(folder, "projector-example", entries, source, version=version)
        (folder / "spread.js").write_text("export const version = 1;")
        found = python(SERVE, logdir, plugins=(folder,))
        assert isinstance(found, dict)
        assert found["state"] == "done"
        ids.append(found["id"])
    assert ids[0] != ids[1]


def test_it_keeps_the_published_contracts(example: Path, logdir: Path) -> None:
    assert python(CONTRACTS, logdir / "sift.fvecs", plugins=(example,)) == "kept"


@pytest.mark.parametrize("words", [["plugins"], ["plugins", "--json"]])
def test_they_are_listed_without_being_imported(
    example: Path, tmp_path: Path, words: list[str]
) -> None:
    entries = {"projector.methods": {"loud": "loud:METHOD"}}
    install(tmp_path, "loud", entries, "raise SystemExit('imported')")
    found = run(*words, plugins=(tmp_path, example))
    assert found.returncode == 0, found.stderr
    for name in ("fvecs", "random", "spread", "loud"):
        assert name in found.stdout
    assert found.stderr == ""


def test_they_can_all_be_left_out(example: Path, logdir: Path) -> None:
    found = run("--no-plugins", "plugins", plugins=(example,))
    assert found.stdout.split() == ["KIND", "NAME", "PACKAGE", "VERSION", "OBJECT"]
    listed = run("list", logdir, "--json", plugins=(example,), PROJECTOR_PLUGINS="0")
    assert json.loads(listed.stdout)["entries"] == []
    assert "switched off by PROJECTOR_PLUGINS" in run(
        "plugins", plugins=(example,), PROJECTOR_PLUGINS="0"
    ).stderr  # fmt: skip
