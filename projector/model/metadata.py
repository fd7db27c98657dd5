"""The metadata: a table with one row per point, typed columns and explicit missing values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from projector.errors import ShapeError, UnknownNameError
from projector.model.text import PackedText, well_formed
from projector.model.times import read_times

if TYPE_CHECKING:
    import pyarrow as pa

ColumnKind: TypeAlias = Literal["numeric", "categorical", "text", "time"]

#: A column with more distinct texts than this share of its rows is text: prose or identifiers.
_TEXT_SHARE = 0.5
#: ... unless it has no more than this many distinct texts.
_FEW = 64


@dataclass(frozen=True)
class Column:
    """One column of metadata.

    It keeps the texts of the file, which are what users see. Numbers are added and never
    replace them, so ``007`` stays ``007``.

    Attributes
    ----------
    name : str
        The header in the file; may repeat within a table.
    kind : {"numeric", "categorical", "text", "time"}
    text : PackedText
        Every value as written in the file; an empty cell is missing.
    numbers : ndarray of shape (n_rows,), float64, or None
        For ``kind="numeric"``: the values; NaN is missing. For ``kind="time"``: seconds since
        1970 in UTC; a time without a time zone is read as UTC.
    tagged : ndarray of shape (n_rows,), bool, or None
        Whether the value is a tag (`projector.Tags`); None for a column without tags.
    source : Column or None
        For a column of the data that tags edit: the original column.
    made_by : str or None
        For a column that was computed: the id of the result; None for one of the data.
    compares : pair of str or None
        For a column that says what changed: the ids of the two datasets that it compares.
    span : pair of float or None
        The values at the two ends of its colors, where these are fixed.
    """

    name: str
    kind: ColumnKind
    text: PackedText = field(repr=False)
    numbers: NDArray[np.float64] | None = field(default=None, repr=False)
    tagged: NDArray[np.bool_] | None = field(default=None, repr=False)
    source: Column | None = field(default=None, repr=False)
    made_by: str | None = field(default=None, repr=False)
    compares: tuple[str, str] | None = field(default=None, repr=False)
    span: tuple[float, float] | None = field(default=None, repr=False)

    @classmethod
    def from_text(cls, name: str, text: PackedText) -> Column:
        """Make a column of the kind that its texts suggest."""
        numbers = _as_numbers(text)
        if numbers is not None:
            return cls(name, "numeric", text, numbers)
        times = read_times(text)
        if times is not None:
            return cls(name, "time", text, times)
        n_present = len(text) - int(text.missing.sum())
        prose = text.has_more_distinct(max(_FEW, int(_TEXT_SHARE * n_present)))
        return cls(name, "text" if prose else "categorical", text)

    @classmethod
    def from_values(cls, name: str, values: Iterable[Any]) -> Column:
        """Make a column from Python or numpy values; None and NaN are missing."""
        if isinstance(values, np.ndarray) and values.dtype.kind in "iufb":
            numbers = values.astype(np.float64)
            missing = np.isnan(numbers)
            text = PackedText.pack(
                None if is_missing else str(value)
                for value, is_missing in zip(values.tolist(), missing.tolist(), strict=True)
            )
            if values.dtype.kind == "b":
                return cls(name, "categorical", text)
            return cls(name, "numeric", text, numbers)
        return cls.from_text(name, PackedText.pack(_as_text(value) for value in values))

    def __len__(self) -> int:
        return len(self.text)

    @property
    def n_missing(self) -> int:
        """Number of rows without a value."""
        return int(self.text.missing.sum())

    def categories(self) -> tuple[NDArray[np.int32], list[str], NDArray[np.int64]]:
        """Return codes, names and counts of the distinct values (see `PackedText.categories`)."""
        return self.text.categories()


@dataclass(frozen=True)
class Metadata:
    """A table with one row per point.

    Column names may repeat, as they do in files; ``metadata["label"]`` returns the first.

    Attributes
    ----------
    columns : tuple of Column

    Raises
    ------
    ShapeError
        The columns have different lengths.
    """

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        lengths = {len(column) for column in self.columns}
        if len(lengths) > 1:
            sizes = ", ".join(f"{column.name!r} has {len(column)}" for column in self.columns[:6])
            raise ShapeError(f"All metadata columns must have the same number of rows: {sizes}.")

    @classmethod
    def from_mapping(cls, columns: Mapping[str, Iterable[Any]]) -> Metadata:
        """Make a table from sequences by name."""
        return cls(tuple(Column.from_values(str(k), v) for k, v in columns.items()))

    @property
    def n_rows(self) -> int:
        """Number of rows; 0 without columns."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the file."""
        return tuple(column.name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownNameError("column", name, self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def row(self, index: int) -> list[str | None]:
        """Return the texts of one row, in the order of the columns; None is missing."""
        return [column.text[index] for column in self.columns]

    def to_arrow(self) -> pa.Table:
        """Return a pyarrow Table: numeric columns as float64, all others as text."""
        import pyarrow as pa

        arrays = [
            pa.array(column.text.to_list(), pa.string())
            if column.kind != "numeric"
            else pa.array(column.numbers, pa.float64(), mask=column.text.missing)
            for column in self.columns
        ]
        return pa.table(arrays, names=[well_formed(name) for name in self.names])


def _as_text(value: Any) -> str | None:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    return value if isinstance(value, str) else str(value)


def _as_numbers(text: PackedText) -> NDArray[np.float64] | None:
    """Read all texts that are not missing as numbers; None if one of them is not a number.

    Numbers with a leading zero (``007``) are identifiers. ``1_000`` and ``infinity`` are numbers
    in Python, but not in tables.
    """
    if bool(text.missing.all()):
        return None
    # Most columns that are not numeric contain a letter: found before anything is copied.
    if not (_has_number_letters(text.data[:_START]) and _has_number_letters(text.data)):
        return None
    if _has_identifier(text):
        return None
    return _parsed(text)


def _has_number_letters(data: NDArray[np.uint8]) -> bool:
    return not data.tobytes().translate(None, _IN_NUMBERS)


def _has_identifier(text: PackedText) -> bool:
    """Tell whether a text starts with a zero before another digit."""
    starts, stops = text.offsets[:-1], text.offsets[1:]
    rows = np.flatnonzero(stops - starts > 1)
    rows = rows[text.data[starts[rows]] == _ZERO]
    second = text.data[starts[rows] + 1]
    return bool(((second >= _ZERO) & (second <= _NINE)).any())


def _parsed(text: PackedText) -> NDArray[np.float64] | None:
    """Return texts without any other letters than numbers have as numbers; NaN is missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    buffers = [None, pa.py_buffer(text.offsets), pa.py_buffer(text.data)]
    texts = pa.Array.from_buffers(pa.large_string(), len(text), buffers)
    if bool(text.missing.any()):
        texts = pc.if_else(pa.array(text.missing), None, texts)
    try:
        return np.asarray(texts.cast(pa.float64()).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid:
        pass  # a plus sign, or no number
    fixed = text.fixed_width()
    numbers = np.full(len(text), np.nan)
    try:
        if fixed is not None:
            numbers[~text.missing] = fixed[~text.missing].astype(np.float64)
            return numbers
    except ValueError:
        pass
    return None


#: Digits, sign, point, exponent, and the letters of nan and inf.
_IN_NUMBERS = b"0123456789+-.eEnaNAifIF"
_ZERO, _NINE = ord("0"), ord("9")
_START = 1 << 12


def check_rows(metadata: Metadata, n_points: int) -> None:
    """Raise ShapeError unless `metadata` has one row per point."""
    if metadata.columns and metadata.n_rows != n_points:
        raise ShapeError(
            f"The metadata has {metadata.n_rows:,} rows for {n_points:,} points. Expected one row "
            "per point."
        )
