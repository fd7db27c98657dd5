"""A plug-in that is broken, of another version or in the way costs nothing but itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.compute import METHODS as METHODS_BY_NAME
from projector.compute.method import MethodInput, Outcome
from projector.compute.plugin_method import plugin_method
from projector.errors import JobError
from projector.plugins.entry_points import Plugin
from tests.plugins.installing import install, python, run

pytestmark = pytest.mark.slow

METHODS, LOADERS = "projector.methods", "projector.loaders"

#: The problems in the list of a server, what it has, and whether it still computes.
LOOK = """
import json, sys
import projector
from projector.api.session.session import Session
session = Session(sys.argv[1], watch=False)
listing = session.listing
made = projector.project(session.dataset(listing.entries[0].id).data, "pca", n_components=2)
print(json.dumps({
    "entries": [each.path for each in listing.entries],
    "problems": [each.message for each in listing.problems],
    "n_placed": len(made.positions), "methods": list(projector.METHODS),
}))
session.close()
"""

LOADER = """
class Odd:
    name, title, extensions = "odd", "Odd", (".odd",)
    def sniff(self, file):
        return file.suffix == ".odd"
    def list(self, file):
        from projector.loaders.base import Found, Tensor
        return Found((Tensor("a", "a", (4, 2), "float32"),))
    def load(self, file, tensor):
        raise RuntimeError("no idea")
"""


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    np.save(folder / "good.npy", np.random.default_rng(0).normal(size=(30, 4)))
    return folder


def look(logdir: Path, *plugins: Path) -> dict[str, list[str]]:
    found = python(LOOK, logdir, plugins=plugins)
    assert isinstance(found, dict)
    assert "good.npy" in found["entries"], "a plug-in hides a good file"
    assert found["n_placed"] == 30
    return found


#: What a module has in it, and what is said of it.
BROKEN = {
    "raises": ("raise RuntimeError('on import')", "(RuntimeError: on import)"),
    "exits": ("import sys; sys.exit(3)", "(SystemExit: 3)"),
    "lacks": ("import missing_library", "Install the package 'missing_library', which it needs."),
    "older": ("from projector.compute import Nothing", "for another version of projector"),
    "newer": ("from projector.model.panel import Panel\nPanel(x=1)", "another version"),
    "other": ("Thing = 3", ":Thing is "),
    "empty": ("", "has no attribute 'Thing')"),
}


def test_each_is_a_problem_in_the_list(tmp_path: Path, logdir: Path) -> None:
    kinds = {METHODS: "method", LOADERS: "loader", "projector.panels": "panel"}
    for name, (module, _) in BROKEN.items():
        entries = {group: {f"{name}-{kind}": f"{name}:Thing"} for group, kind in kinds.items()}
        install(tmp_path / "site", name, entries, module)
    problems = look(logdir, tmp_path / "site")["problems"]
    assert len(problems) == len(BROKEN) * len(kinds)
    for name, (_, message) in BROKEN.items():
        for kind in kinds.values():
            about = f"The {kind} plug-in {name}-{kind} ({name} 1.0) cannot be used ("
            (found,) = [each for each in problems if each.startswith(about)]
            assert message in found
            assert "\n" not in found
    checked = run("plugins", "--check", plugins=(tmp_path / "site",))
    assert checked.returncode == 1
    assert all(problem in checked.stderr for problem in problems)
    assert "Traceback" not in checked.stderr


def test_several_directories_tell_of_it_once(tmp_path: Path, logdir: Path) -> None:
    install(tmp_path / "site", "odd", {LOADERS: {"odd": "odd:Odd"}}, "1/0")
    (tmp_path / "more").mkdir()
    np.save(tmp_path / "more" / "other.npy", np.eye(4))
    code = LOOK.replace("sys.argv[1]", "sys.argv[1:]")
    found = python(code, logdir, tmp_path / "more", plugins=(tmp_path / "site",))
    assert isinstance(found, dict)
    assert found["entries"] == ["runs/good.npy", "more/other.npy"]
    assert len(found["problems"]) == 1


def test_asking_for_a_broken_method_says_why(tmp_path: Path, logdir: Path) -> None:
    install(tmp_path / "site", "odd", {METHODS: {"odd": "odd:METHOD"}}, "1/0")
    words = ("reduce", logdir, "--method", "odd", "--out", tmp_path / "x.csv")
    found = run(*words, plugins=(tmp_path / "site",))
    assert found.returncode == 2
    assert "plug-in odd (odd 1.0) cannot be used (ZeroDivisionError" in found.stderr


def test_a_file_that_only_a_broken_plugin_reads_names_it(tmp_path: Path) -> None:
    install(tmp_path / "site", "odd", {LOADERS: {"odd": "odd:Odd"}}, "1/0")
    (tmp_path / "x.odd").write_bytes(b"\0\1\2")
    words = ("reduce", tmp_path / "x.odd", "--out", tmp_path / "x.csv")
    found = run(*words, plugins=(tmp_path / "site",))
    assert found.returncode == 1
    assert "plug-in odd (odd 1.0) cannot be used" in found.stderr


def test_names_that_are_taken_stay_as_they_are(tmp_path: Path, logdir: Path) -> None:
    entries = {METHODS: {"pca": "one:METHOD"}, LOADERS: {"npy": "one:Loader"}}
    install(tmp_path / "one", "one", entries)
    install(tmp_path / "two", "two", {LOADERS: {"odd": "two:Odd"}}, LOADER)
    install(tmp_path / "three", "three", {LOADERS: {"odd": "three:Odd"}}, LOADER)
    found = look(logdir, tmp_path / "one", tmp_path / "two", tmp_path / "three")
    problems = sorted(found["problems"])
    assert [each.split(":")[0] for each in problems] == [
        "The loader plug-in npy (one 1.0) is left out",
        "The loader plug-in odd (two 1.0) is left out",
        "The method plug-in pca (one 1.0) is left out",
    ]


def test_an_error_while_reading_costs_one_file(tmp_path: Path, logdir: Path) -> None:
    install(tmp_path / "site", "odd", {LOADERS: {"odd": "odd:Odd"}}, LOADER)
    (logdir / "x.odd").write_bytes(b"x")
    assert look(logdir, tmp_path / "site")["problems"] == []
    words = ("reduce", logdir, "--name", "a", "--out", tmp_path / "x.csv")
    found = run(*words, plugins=(tmp_path / "site",))
    assert found.returncode == 1
    assert "the plug-in odd (odd 1.0) failed to load it (RuntimeError: no idea)" in found.stderr


def test_a_listing_that_goes_wrong_costs_one_file(tmp_path: Path, logdir: Path) -> None:
    wrong = {
        "crash": ("import os; os.abort()", "crashed the reader of crash"),
        "kind": ("return [1, 2]", "expected a Found, got list"),
        "raise": ("return self.nothing", "failed to list it (AttributeError"),
    }
    for name, (body, _) in wrong.items():
        module = LOADER.replace('"odd", "Odd", (".odd",)', f"'{name}', '{name}', ('.{name}',)")
        module = module.replace(".odd", f".{name}") + f"    def list(self, file): {body}\n"
        install(tmp_path / "site", f"a_{name}", {LOADERS: {name: f"a_{name}:Odd"}}, module)
        (logdir / f"x.{name}").write_bytes(b"x")
    problems = look(logdir, tmp_path / "site")["problems"]
    assert len(problems) == len(wrong)
    for _, message in wrong.values():
        assert any(message in each for each in problems), message


def test_one_that_fails_to_look_at_files_is_left_out(tmp_path: Path, logdir: Path) -> None:
    module = (
        f"{LOADER}    def sniff(self, file): raise KeyError('sniffed')\n    before = ('npy',)\n"
    )
    install(tmp_path / "site", "odd", {LOADERS: {"odd": "odd:Odd"}}, module)
    (problem,) = look(logdir, tmp_path / "site")["problems"]
    assert "plug-in odd (odd 1.0) cannot be used (KeyError: 'sniffed', at good.npy)" in problem


def test_a_plugin_may_come_before_a_format_and_take_any_suffix(
    tmp_path: Path, logdir: Path
) -> None:
    module = f"{LOADER}    def sniff(self, file): return file.suffix in ('.npy', '.xml', '.txt')\n"
    module += "    before = ('npy',)\n    extensions = ('.npy', '.xml', '.txt')\n"
    install(tmp_path / "site", "odd", {LOADERS: {"odd": "odd:Odd"}}, module)
    (logdir / "x.xml").write_text("<x/>")
    (logdir / "y.txt").write_text("a 1 2\nb 3 4\n")
    found = run("list", logdir, "--json", plugins=(tmp_path / "site",))
    formats = {each["path"]: each["format"] for each in json.loads(found.stdout)["entries"]}
    assert formats == {"good.npy": "odd", "x.xml": "odd", "y.txt": "odd"}


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (np.zeros(3), "expected an Outcome, got ndarray"),
        (Outcome(np.zeros((3, 2), np.float32)), "positions, got (3, 2)"),
        (Outcome(np.full((30, 2), np.nan, np.float32)), "positions are NaN or infinite"),
    ],
)
def test_a_method_that_returns_no_projection_says_so(result: Any, message: str) -> None:
    plugin = Plugin("method", "odd", "odd", "1.0", "odd:METHOD")
    made = plugin_method(replace(METHODS_BY_NAME["pca"], name="odd", run=lambda _: result), plugin)
    with pytest.raises(JobError, match=r"method plug-in odd \(odd 1.0\)") as caught:
        made.run(MethodInput(np.zeros((30, 4), np.float32), {}))
    assert message in str(caught.value)
