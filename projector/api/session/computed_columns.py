"""Columns that somebody computed by formulas, for all steps of a tensor, until the session ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from projector.api.session.dataset_cache import Opened
from projector.api.session.derived_datasets import DerivedDatasets
from projector.api.table.formulas.values import Formula
from projector.errors import ParameterError, ProjectorError, UnknownNameError
from projector.model.metadata import Column, Metadata

#: Columns of one tensor, datasets whose columns are kept, and letters of a name.
_MOST, _KEPT, _MAX_NAME = 32, 12, 100

#: Makes a formula of a text for a dataset.
Read: TypeAlias = Callable[[Opened, str], Formula]


class ComputedColumns:
    """Formulas by tensor, and their columns. Safe from any thread.

    Parameters
    ----------
    read : callable
        Makes a `Formula` of a dataset and a text.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._formulas: dict[tuple[str, str], dict[str, str]] = {}
        self._made = DerivedDatasets(_KEPT)

    def add(self, opened: Opened, name: str, formula: str) -> None:
        """Add a column to a tensor; one that was computed under this name is replaced.

        Raises
        ------
        ParameterError, UnknownNameError
            The data has a column of this name, there are too many, or the formula means nothing.
        """
        name = name.strip()
        if not 0 < len(name) <= _MAX_NAME:
            raise ParameterError(f"A column's name has 1 to {_MAX_NAME} letters. Got {len(name)}.")
        key = (opened.entry.run, opened.entry.name)
        known = self._formulas.get(key, {})
        if name not in known and name in opened.data.metadata:
            raise ParameterError(f"There is a column {name!r} already. Use another name.")
        if name not in known and len(known) >= _MOST:
            raise ParameterError(f"A tensor has at most {_MOST} computed columns. Remove one.")
        self._read(opened, formula).column(name)
        with self._lock:
            self._formulas[key] = {**known, name: formula}

    def remove(self, opened: Opened, name: str) -> None:
        """Remove a computed column, or raise UnknownNameError."""
        key = (opened.entry.run, opened.entry.name)
        with self._lock:
            known = dict(self._formulas.get(key, {}))
            if known.pop(name, None) is None:
                raise UnknownNameError("computed column", name, known)
            self._formulas[key] = known

    def formulas(self, opened: Opened) -> dict[str, str]:
        """Return the formulas of a tensor's computed columns by their names."""
        return self._formulas.get((opened.entry.run, opened.entry.name), {})

    def over(self, opened: Opened) -> Opened:
        """Return a dataset with its computed columns, after all others."""
        formulas = self.formulas(opened)
        if not formulas:
            return opened
        return self._made.get(opened, formulas, lambda: self._with_columns(opened, formulas))

    def _with_columns(self, opened: Opened, formulas: Mapping[str, str]) -> Opened:
        columns: list[Column] = []
        warnings: list[str] = []
        made = opened
        for name, formula in formulas.items():
            try:
                columns.append(self._read(made, formula).column(name))
            except ProjectorError as error:
                # Another step may lack a column that the formula names.
                warnings.append(f"The computed column {name!r} is missing: {error}")
            else:
                metadata = Metadata((*opened.data.metadata.columns, *columns))
                made = replace(opened, data=opened.data.with_metadata(metadata, warnings))
        if warnings and made.data.given_warnings[-len(warnings) :] != tuple(warnings):
            made = replace(made, data=made.data.with_warnings(warnings))
        return made
