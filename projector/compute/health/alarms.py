"""Says which figures of an embedding's health raise an alarm, and why."""

from __future__ import annotations

from dataclasses import dataclass

from projector.compute.health.figures import FIGURES, Rule
from projector.compute.health.health import Health

#: Dead dimensions that a sentence names.
_NAMED = 20


@dataclass(frozen=True)
class Alarm:
    """One figure beyond its limit.

    Attributes
    ----------
    figure : str
        Its name in `FIGURES`, where its formula is.
    message : str
        A sentence with the numbers.
    value : float
    limit : float
    step : int or None
        The training step, in a series.
    """

    figure: str
    message: str
    value: float
    limit: float
    step: int | None = None


def find_alarms(
    now: Health, before: Health | None = None, *, step: int | None = None
) -> tuple[Alarm, ...]:
    """Return the alarms of one embedding, some of them compared with the step before."""
    found = []
    for figure in FIGURES:
        value = now.figures[figure.name]
        earlier = float("nan") if before is None else before.figures[figure.name]
        for rule in figure.rules:
            if _is_broken(rule, value, earlier):
                message = _said(rule, now, value, earlier)
                found.append(Alarm(figure.name, message, value, rule.limit, step))
                break
    return tuple(found)


def _is_broken(rule: Rule, value: float, before: float) -> bool:
    # A comparison with NaN, of what is not defined, is false.
    if rule.kind == "above":
        return value > rule.limit
    if rule.kind == "below":
        return value < rule.limit
    if rule.kind == "rising above":
        return value > rule.limit and value > before
    if rule.kind == "rises":
        return value > before + rule.limit
    if rule.kind == "falls to":
        return value <= rule.limit * before
    return value >= rule.limit * before > 0


def _said(rule: Rule, now: Health, value: float, before: float) -> str:
    dead = ", ".join(map(str, now.dead[:_NAMED]))
    more = len(now.dead) - _NAMED
    return rule.words.format(
        value=value,
        before=before,
        limit=rule.limit,
        n_dims=now.n_dims,
        n_points=now.n_points,
        dead=dead if more <= 0 else f"{dead} and {more:,} more",
        largest_dim=now.largest_dim,
        largest_hub=now.figures["largest_hub"],
    )
