"""The figures of a comparison as columns of each of the two datasets that were compared."""

from __future__ import annotations

from typing import Literal

import numpy as np

from projector.api.change.comparison_result import Comparison
from projector.compute.change.states import STATES
from projector.model.metadata import Column
from projector.model.text import PackedText
from projector.typing import AnyArray

#: The values at the ends of the colors: the same in every picture, so that two can be compared.
#: A point that shifted by the size of the cloud is as far away as one of an unrelated cloud.
KEPT_SPAN = SHIFT_SPAN = (0.0, 1.0)
#: Digits of a number's text.
_DIGITS = 4


def side_columns(found: Comparison, side: Literal[0, 1]) -> tuple[Column, ...]:
    """Return what became of each point as columns of the first or of the second dataset.

    Parameters
    ----------
    found : Comparison
    side : 0 or 1
        Of which dataset the rows are. A point has the same values on both sides.

    Returns
    -------
    tuple of Column
        ``"kept neighbors"`` (a share, 0 to 1), ``"shift"`` (in sizes of the cloud) and
        ``"state"``; missing for points that were not compared.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> from projector.api.change.side_columns import side_columns
    >>> before = np.random.default_rng(0).normal(size=(300, 16))
    >>> kept, shift, state = side_columns(projector.compare(before, 2 * before), 1)
    >>> kept.name, kept.text[0], state.text[0]
    ('kept neighbors', '1', 'stayed')
    """
    match = found.match
    if side == 0:
        n_rows, rows = found.n_points, found.rows
    else:
        n_rows = len(match.rows_b) + len(match.only_b)
        rows = match.rows_b[np.searchsorted(match.rows_a, found.rows)]
    change = found.change
    return (
        _numeric("kept neighbors", n_rows, rows, change.kept, KEPT_SPAN),
        _numeric("shift", n_rows, rows, change.shift, SHIFT_SPAN),
        Column("state", "categorical", _texts(n_rows, rows, [STATES[at] for at in change.state])),
    )


def _numeric(
    name: str, n_rows: int, rows: AnyArray, values: AnyArray, span: tuple[float, float]
) -> Column:
    numbers = np.full(n_rows, np.nan)
    numbers[rows] = values
    texts = [f"{value:.{_DIGITS}g}" for value in values.tolist()]
    return Column(name, "numeric", _texts(n_rows, rows, texts), numbers, span=span)


def _texts(n_rows: int, rows: AnyArray, texts: list[str]) -> PackedText:
    found = np.full(n_rows, None, object)
    found[rows] = texts
    return PackedText.pack(found.tolist())
