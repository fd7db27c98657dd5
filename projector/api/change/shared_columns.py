"""Which columns two datasets share, and which of them names the points of both."""

from __future__ import annotations

from projector.model.dataset import Dataset
from projector.model.metadata import Column

#: Rows that are looked at before all are: most columns repeat a value among these.
_FIRST = 1000


def shared_columns(a: Dataset, b: Dataset) -> tuple[str, ...]:
    """Return the names of the columns that both datasets have, in the order of the first.

    Columns that were computed are left out: what has one name may be of two comparisons.

    Parameters
    ----------
    a, b : Dataset

    Returns
    -------
    tuple of str
        Each name once.

    Examples
    --------
    >>> import projector
    >>> from projector.api.change.shared_columns import shared_columns
    >>> a = projector.Dataset([[0.0], [1.0]], metadata={"id": [7, 8], "word": ["a", "b"]})
    >>> b = projector.Dataset([[1.0], [2.0]], metadata={"word": ["b", "c"], "n": [1, 2]})
    >>> shared_columns(a, b)
    ('word',)
    """
    there = {each.name for each in b.metadata.columns if each.made_by is None}
    own = (each.name for each in a.metadata.columns if each.made_by is None)
    return tuple(dict.fromkeys(name for name in own if name in there))


def naming_column(a: Dataset, b: Dataset) -> str | None:
    """Return the first shared column that names each point of both datasets.

    In it every point has a value, and no two points of one dataset have the same. Such a column
    says by itself which points the two have in common; any other has to be chosen by a person.

    Parameters
    ----------
    a, b : Dataset

    Returns
    -------
    str or None
        None where there is no such column, or no value of it is in both datasets.

    Notes
    -----
    Time and memory grow with the number of points times the columns without repeated values.

    Examples
    --------
    >>> import projector
    >>> from projector.api.change.shared_columns import naming_column
    >>> a = projector.Dataset([[0.0]] * 3, metadata={"kind": list("xxy"), "id": [7, 8, 9]})
    >>> b = projector.Dataset([[0.0]] * 2, metadata={"kind": list("xy"), "id": [9, 7]})
    >>> naming_column(a, b)
    'id'
    """
    for name in shared_columns(a, b):
        one, other = _names(a.metadata[name]), _names(b.metadata[name])
        if one is not None and other is not None and not one.isdisjoint(other):
            return name
    return None


def _names(column: Column) -> set[str] | None:
    """Return the values of a column, None where one is missing or repeats."""
    n_rows = len(column)
    if column.n_missing or n_rows == 0:
        return None
    first = {column.text[row] for row in range(min(_FIRST, n_rows))}
    if len(first) < min(_FIRST, n_rows):
        return None
    values = {each for each in column.text.to_list() if each is not None}
    return values if len(values) == n_rows else None
