"""Reads MATLAB files of version 4 and 5 to 7 through scipy, which executes nothing in them."""

from __future__ import annotations

import io
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import UNEXPECTED_ERRORS, File, FileProblem
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.matlab.headers import Header, n_numbers, read_headers
from projector.loaders.formats.matlab.variables import Variable, texts_of
from projector.loaders.safe_files import printable, reason_of

#: Kinds whose content is only known after reading them.
_OPENED = ("struct", "cell", "char")
#: Compression beyond this factor is not plausible.
_MAX_RATIO, _SMALL = 1000, 1 << 24
_DENSE_LIMIT = 1 << 32
_DEEPEST = 4


def variables(file: File, problems: list[FileProblem]) -> list[Variable]:
    """Return the variables of a file; arrays of numbers are not read.

    Raises
    ------
    LoadError
        It is damaged, or no MATLAB file.
    """
    with _explained(file):
        headers = list(read_headers(FileBytes(file.real)))
    found: list[Variable] = []
    for header in headers:
        if header.kind in _OPENED:
            found += _inside(header.name, _read(file, header.name), 0)
        elif header.dtype:
            problem = _implausible(file, header)
            if problem:
                problems.append(FileProblem(problem))
                continue
            dtype = "complex128" if header.is_complex else header.dtype
            take = partial(_read, file, header.name)
            found.append(Variable(header.name, header.shape, dtype, take))
    return found


@contextmanager
def _explained(file: File) -> Iterator[None]:
    from scipy.io.matlab import MatReadError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of old files, about names
            yield
    except (MatReadError, NotImplementedError, zlib.error, *UNEXPECTED_ERRORS) as error:
        if isinstance(error, LoadError | MemoryError):
            raise
        reason = reason_of(error)
        raise LoadError(
            file.path,
            f"cannot be read as a MATLAB file ({reason}). It is truncated or damaged; copy it "
            "again.",
        ) from None


def _implausible(file: File, header: Header) -> str:
    """Return why a variable is not read, or an empty string."""
    size = n_numbers(header) * np.dtype(header.dtype).itemsize
    is_sparse = header.kind == "sparse"
    if size <= (_DENSE_LIMIT if is_sparse else max(_SMALL, _MAX_RATIO * file.size)):
        return ""
    sized = (
        f"variable {printable(header.name)!r} claims {' x '.join(map(str, header.shape))} numbers"
    )
    if is_sparse:
        return f"{sized} as a full matrix, which is too large. Reduce its dimensions first."
    return f"{sized}, but the file has {file.size:,} bytes. Copy it again."


def _read(file: File, name: str) -> Any:
    import scipy.io
    import scipy.sparse

    sparse: Any = scipy.sparse
    stream: Any = io.BufferedReader(FileBytes(file.real).stream(), 1 << 20)
    with _explained(file):
        # scipy's types know paths only.
        content: Any = scipy.io.loadmat(stream, variable_names=[name], mat_dtype=True)
        value = content[name]
        return value.toarray() if sparse.issparse(value) else value


def _inside(name: str, value: Any, depth: int) -> Iterator[Variable]:
    """Yield the arrays and texts in a structure, a cell array or characters."""
    if not isinstance(value, np.ndarray) or depth > _DEEPEST:
        return
    if value.dtype.names is not None:
        if value.size == 1:
            for field in value.dtype.names:
                yield from _inside(f"{name}.{field}", value[field].reshape(-1)[0], depth + 1)
    elif value.dtype.kind == "U":
        yield _texts(name, [str(text).rstrip() for text in value.reshape(-1)])
    elif value.dtype.kind == "O":
        texts = [_text(each) for each in value.reshape(-1)]
        if all(text is not None for text in texts):
            yield _texts(name, [text or "" for text in texts])
    elif value.dtype.kind in "biufc":
        yield Variable(name, value.shape, value.dtype.name, lambda: value)


def _text(value: Any) -> str | None:
    """Return the text of a cell; None if it holds something else."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "U" and value.size <= 1:
        return str(value.reshape(-1)[0]) if value.size else ""
    return None


def _texts(name: str, rows: list[str]) -> Variable:
    return Variable(name, (len(rows),), "str", lambda: texts_of(rows))
