"""A new method touches its own file and the registry: everything else is made from its declaration.

The method here has a parameter of every kind, and no other file knows its names.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from click.testing import CliRunner

import projector
from projector.api.estimators import MethodEstimator
from projector.api.memory_check import needed_bytes
from projector.api.options import parameters_of
from projector.cli import main
from projector.compute.common_parameters import RANDOM_STATE, n_components
from projector.compute.method import Method, MethodInput, Outcome
from projector.errors import ParameterError, UnknownNameError
from projector.jobs.cache import ResultCache
from projector.model.parameters import Action, Kind, Parameter, resolve
from projector.server.listing import describe_method
from projector.typing import Metric

SEEN: list[MethodInput] = []


def run(inputs: MethodInput) -> Outcome:
    SEEN.append(inputs)
    return Outcome(np.zeros((len(inputs.vectors), 2), np.float32), {"n_steps": 1})


def neighbors_needed(params: Any, n_points: int) -> tuple[int, Metric]:
    return min(4, n_points - 1), "euclidean"


NEW = Method(
    name="dummy",
    title="Dummy",
    summary="Places all points at the origin.",
    parameters=(
        n_components(2),
        RANDOM_STATE,
        Parameter("n_steps", "int", 3, "Steps.", low=1, high=2_000_000, log=True),
        Parameter("strength", "float", None, "Strength.", low=0, unset="auto", advanced=True),
        Parameter("is_closed", "bool", False, "Closed."),
        Parameter("shape", "choice", "ring", "Shape.", choices=("ring", "disk")),
        Parameter("title", "text", "", "Title."),
        Parameter("fixed", "points", None, "Fixed points.", unset="none", only_3d=True),
        Parameter("split_by", "column", None, "Column.", unset="off", note="split by {value}"),
        Parameter("without", "category", None, "Value.", unset="none", of="split_by"),
    ),
    run=run,
    neighbors_needed=neighbors_needed,
    memory_needed=lambda params, n_points, n_dims: 10**9,
    live=("strength",),
    actions=(Action("stir", "Stir", "Stir once."),),
    is_instant=True,
    keeps_components=True,
    free_orientation=True,
    takes_labels=True,
)
BY_NAME = {parameter.name: parameter for parameter in NEW.parameters}
VECTORS = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
DATA = projector.Dataset(VECTORS, metadata={"label": [f"word{i // 2}" for i in range(30)]})


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(projector.METHODS, NEW.name, NEW)
    SEEN.clear()


def project(**params: Any) -> projector.Projection:
    return projector.project(DATA, "dummy", cache=ResultCache(Path(), 0), **params)


def test_it_has_a_parameter_of_every_kind() -> None:
    assert {each.kind for each in NEW.parameters} == set(get_args(Kind))


def test_values_are_checked_and_reach_the_method() -> None:
    given = {"n_steps": "7", "is_closed": "yes", "shape": "disk", "fixed": "= word1 + word3"}
    found = project(**given, split_by="label", without="word2", strength=0.5)
    expected = {
        "n_steps": 7,
        "is_closed": True,
        "shape": "disk",
        "fixed": "2, 3, 6, 7",
        "split_by": "label",
        "without": "word2",
        "strength": 0.5,
        "title": "",
    }
    assert expected.items() <= found.params.items()
    assert expected.items() <= dict(SEEN[0].params).items()
    assert SEEN[0].neighbors is not None
    assert SEEN[0].neighbors.k == 4


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n_steps": 0}, "'n_steps' of dummy must be a whole number from 1 to 2,000,000. Got 0."),
        ({"shape": "cube"}, "'shape' of dummy must be one of 'ring', 'disk'"),
        ({"fixed": "30"}, "'fixed' of dummy names point 30, but the points are 0 to 29"),
        ({"fixed": "3;4"}, "'fixed' of dummy must be row indices"),
        ({"fixed": "= word1 - word2"}, "'fixed' of dummy is a set of points"),
        ({"split_by": 3}, "'split_by' of dummy must be the name of a metadata column"),
    ],
)
def test_a_wrong_value_names_method_and_parameter(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        project(**given)
    assert message in str(caught.value)
    assert not SEEN


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'n_steps'"):
        project(n_step=1)
    with pytest.raises(UnknownNameError, match="word99"):
        project(fixed="= word99")


def test_points_are_rows_of_what_the_method_is_given() -> None:
    """Rows with NaN are left out of the vectors, so the rows behind them have other numbers."""
    broken = VECTORS.copy()
    broken[[1, 5]] = np.nan
    data = projector.Dataset(broken)
    found = projector.project(data, "dummy", cache=ResultCache(Path(), 0), fixed="0, 5, 7")
    assert SEEN[0].params["fixed"] == "0, 5"
    np.testing.assert_array_equal(SEEN[0].vectors[[0, 5]], broken[[0, 7]])
    assert found.params["fixed"] == "0, 5, 7"
    with pytest.raises(ParameterError, match="only points with NaN"):
        projector.project(data, "dummy", cache=ResultCache(Path(), 0), fixed="1, 5")


def test_the_command_line_has_its_options(tmp_path: Path) -> None:
    shown = " ".join(CliRunner().invoke(main, ["reduce", "--help"]).output.split())
    for text in (
        "--n-steps INT Steps. [dummy; default: 3]",
        "--strength FLOAT Strength. [dummy; default: auto]",
        "--is-closed BOOL Closed. [dummy; default: false]",
        "--shape [ring|disk] Shape. [dummy; default: ring]",
        "--title TEXT Title. [dummy; default: ]",
        "--fixed POINTS Fixed points. [dummy; default: none]",
        "--split-by COLUMN Column. [dummy; default: off]",
        "--without CATEGORY Value. [dummy; default: none]",
    ):
        assert text in shown
    assert "stir" not in shown
    np.save(tmp_path / "x.npy", VECTORS)
    options = ["--method", "dummy", "--n-steps", "9", "--shape", "disk", "--fixed", "1-3"]
    out = tmp_path / "y.npy"
    run = CliRunner().invoke(main, ["reduce", str(tmp_path / "x.npy"), *options, "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert {"n_steps": 9, "shape": "disk", "fixed": "1-3"}.items() <= dict(SEEN[0].params).items()
    assert np.load(out).shape == (30, 2)


class Dummy(MethodEstimator):
    """What a new estimator needs: its name and its constructor."""

    _method = "dummy"

    def __init__(
        self,
        n_components: int = 2,
        *,
        random_state: int = 0,
        n_steps: int = 3,
        strength: float | None = None,
        is_closed: bool = False,
        shape: str = "ring",
        title: str = "",
        fixed: str | None = None,
        split_by: str | None = None,
        without: str | None = None,
    ) -> None:
        self.n_components, self.random_state, self.n_steps = n_components, random_state, n_steps
        self.strength, self.is_closed, self.shape = strength, is_closed, shape
        self.title, self.fixed, self.split_by, self.without = title, fixed, split_by, without


def test_an_estimator_passes_them_on() -> None:
    defaults = {p.name: p.default for p in inspect.signature(Dummy).parameters.values()}
    assert defaults == resolve(NEW.parameters, {}, owner="dummy")
    with pytest.warns(UserWarning, match="fixed has no effect in 2D"):
        assert Dummy(n_steps=8, fixed="1, 2").fit_transform(VECTORS).shape == (30, 2)
    assert {"n_steps": 8, "fixed": "1, 2"}.items() <= dict(SEEN[0].params).items()


def test_the_page_is_given_all_of_it() -> None:
    described = json.loads(json.dumps(describe_method(NEW)))
    assert described["actions"] == [{"name": "stir", "title": "Stir", "help": "Stir once."}]
    assert described["live"] == ["strength"]
    traits = ("is_instant", "keeps_components", "free_orientation", "takes_labels")
    assert all(described[trait] is True for trait in traits)
    by_name = {each["name"]: each for each in described["parameters"]}
    assert BY_NAME.keys() < by_name.keys()
    assert (by_name["fixed"]["kind"], by_name["fixed"]["only_3d"]) == ("points", True)
    assert by_name["split_by"]["note"] == "split by {value}"
    assert (by_name["without"]["kind"], by_name["without"]["of"]) == ("category", "split_by")
    assert by_name["strength"]["unset"] == "auto"
    groups = {name: each["group"] for name, each in by_name.items()}
    assert groups["supervise_by"] == "labels"
    assert groups["n_landmarks"] == "scale"
    assert groups["center"] == "preprocessing"
    assert groups["n_steps"] == ""


def test_the_documentation_has_its_table() -> None:
    spec = importlib.util.spec_from_file_location(
        "make_algorithms", Path(__file__).parents[1] / "docs" / "make_algorithms.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    page = script.page("<!-- parameters: dummy -->\n<!-- end -->")
    assert "| `n_steps` | 3 | a whole number from 1 to 2,000,000 | Steps. |" in page
    assert "| `strength` | auto | a number, at least 0 | Strength. |" in page
    assert "| `split_by` | off | the name of a metadata column | Column. |" in page


def test_its_own_estimate_of_memory_is_used() -> None:
    settings = resolve(parameters_of(NEW), {}, owner="dummy")
    assert needed_bytes(NEW, 30, 4, settings) > 10**9
