"""Groups the problems of a listing: those of one kind become one line with a count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from projector.model.listing import Problem

#: Fewer problems of one kind stay as they are.
_FEWEST = 3
_NAMED = 3
#: What differs between two problems of one kind: names in quotes, numbers, and lists of tensors.
_DETAILS = re.compile(r"'[^']*'|\"[^\"]*\"|\d[\d,.]*|It contains .*|\([^()]*\)", re.DOTALL)


def grouped(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems with those of one kind in one, at the place of the first.

    Parameters
    ----------
    problems : iterable of Problem
    """
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        name = problem.path.rpartition("/")[2]
        plain = problem.message.replace(name, "") if name else problem.message
        groups.setdefault((problem.severity, _DETAILS.sub("", plain)), []).append(problem)
    return [each for group in groups.values() for each in _shown(group)]


def _shown(group: Sequence[Problem]) -> list[Problem]:
    paths = list(dict.fromkeys(problem.path for problem in group))
    if len(paths) < _FEWEST:
        return list(group)
    first, others = group[0], paths[1:]
    some = ", ".join(others[:_NAMED]) + (" …" if len(others) > _NAMED else "")
    message = f"{first.message} The same holds for {len(others):,} more files: {some}"
    return [replace(first, message=message if message.endswith("…") else f"{message}.")]
