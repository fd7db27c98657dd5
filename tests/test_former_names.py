"""Errors that were renamed can be used by their former names for one release."""

from __future__ import annotations

import importlib

import pytest

import projector
from projector import errors

MODULES = ["projector", "projector.errors"]


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("former", sorted(errors.FORMER_NAMES))
def test_a_former_name_is_the_same_class_and_warns(module: str, former: str) -> None:
    now = errors.FORMER_NAMES[former]
    namespace: dict[str, object] = {}
    with pytest.warns(
        DeprecationWarning, match=rf"{module}.{former} is now {module}.{now}"
    ) as told:
        exec(compile(f"from {module} import {former}", "notebook.py", "exec"), namespace)
    assert namespace[former] is getattr(projector, now)
    assert {warning.filename for warning in told} == {"notebook.py"}
    with pytest.warns(DeprecationWarning, match=now):
        assert getattr(importlib.import_module(module), former) is getattr(errors, now)


def test_a_former_name_catches_the_error() -> None:
    with pytest.warns(DeprecationWarning, match="UnknownNameError"):
        former = projector.UnknownName
    with pytest.raises(former, match="Did you mean 'pca'"):
        projector.project([[0.0, 1.0], [1.0, 0.0]], "pcaa")


@pytest.mark.parametrize("module", MODULES)
def test_other_names_are_unknown_and_former_ones_are_not_public(module: str) -> None:
    with pytest.raises(AttributeError, match=rf"module '{module}' has no attribute 'Nothing'"):
        _ = importlib.import_module(module).Nothing
    assert not set(errors.FORMER_NAMES) & set(projector.__all__)
