"""A method that a plug-in brings: its declaration is checked once, and its result each time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from projector.compute.method import Method, MethodInput, Outcome, Run
from projector.errors import JobError
from projector.plugins.entry_points import Plugin
from projector.plugins.registry import UnusableError


@dataclass(frozen=True)
class CheckedRun:
    """The function of a plug-in's method, whose result is checked.

    Attributes
    ----------
    run : Run
    plugin : Plugin
    """

    run: Run
    plugin: Plugin

    def __call__(self, inputs: MethodInput) -> Outcome:
        """Return a position for every point.

        Raises
        ------
        JobError
            The plug-in returned something else.
        """
        outcome = self.run(inputs)
        fault = _fault(outcome, len(inputs.vectors))
        if fault:
            raise JobError(
                f"The method plug-in {self.plugin} returned no projection: {fault}. Report this to "
                "the authors of the plug-in."
            )
        positions = np.ascontiguousarray(outcome.positions, np.float32)
        return replace(outcome, positions=positions)


def plugin_method(found: Any, plugin: Plugin) -> Method:
    """Return the method that an entry point names.

    Raises
    ------
    UnusableError
        It is no `Method`, has another name than its entry point, or lacks a parameter.
    """
    if not isinstance(found, Method):
        raise UnusableError(f"{plugin.target} is a {type(found).__name__}, and no Method")
    if found.name != plugin.name:
        raise UnusableError(
            f"the method calls itself {found.name!r}, and its entry point is {plugin.name!r}"
        )
    declared = {each.name for each in found.parameters}
    lacking = sorted({"n_components", "random_state"} - declared)
    if lacking:
        raise UnusableError(f"it has no parameter {lacking[0]!r}")
    return replace(found, run=CheckedRun(found.run, plugin))


def _fault(outcome: Any, n_points: int) -> str:
    if not isinstance(outcome, Outcome):
        return f"expected an Outcome, got {type(outcome).__name__}"
    positions = np.asarray(outcome.positions)
    if positions.ndim != 2 or len(positions) != n_points or positions.shape[1] not in (2, 3):
        return f"expected ({n_points}, 2 or 3) positions, got {positions.shape}"
    if not np.isfinite(positions).all():
        return "positions are NaN or infinite"
    return ""
