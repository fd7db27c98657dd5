"""A method's declaration is checked when it is made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from projector.compute.method import Method, MethodInput, Outcome
from projector.errors import ParameterError
from projector.model.parameters import Parameter

K = Parameter("k", "int", 5, "Neighbors.")


def run(inputs: MethodInput) -> Outcome:
    return Outcome(np.zeros((len(inputs.vectors), 2), np.float32))


DECLARED: dict[str, Any] = {
    "name": "m",
    "title": "M",
    "summary": "S.",
    "parameters": (K,),
    "run": run,
}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"parameters": (K, K)}, "same name"),
        ({"live": ("rate",)}, "'live' names 'rate'"),
        ({"takes_labels": True}, "no neighbor graph"),
        (
            {"parameters": (Parameter("but", "category", None, "B.", unset="none", of="k"), K)},
            "'k' is no parameter of kind 'column'",
        ),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(
    given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ParameterError, match=message):
        Method(**{**DECLARED, **given})


def test_what_is_not_declared_is_off() -> None:
    method = Method("m", "M", "S.", (K,), run)
    traits = ("is_instant", "keeps_components", "free_orientation", "takes_labels")
    assert not any(getattr(method, trait) for trait in traits)
    assert (method.live, method.actions, method.memory_needed) == ((), (), None)
