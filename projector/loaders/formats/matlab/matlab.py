"""Reads MATLAB's files: matrices, and the texts and numbers that can be their labels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Operations, Tensor
from projector.loaders.formats.hdf5.hdf5 import opened
from projector.loaders.formats.matlab import newer, older
from projector.loaders.formats.matlab.headers import is_version_4
from projector.loaders.formats.matlab.variables import Variable

_TEXT, _NEWER = b"MATLAB ", b"MATLAB 7.3"


class Matlab:
    """What ``save`` writes in MATLAB and Octave, and ``scipy.io.savemat``."""

    name = "matlab"
    title = "MATLAB file"
    gives = "every matrix, with cell arrays and rows of numbers as labels"
    extensions = (".mat",)
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        """Recognize it by its first words, or by suffix and a header of version 4."""
        head = file.head()
        if head.startswith(_TEXT):
            return True
        return file.name.lower().endswith(".mat") and is_version_4(head)

    def list(self, file: File) -> Found:
        """Read the headers of the variables; texts and structures are read whole."""
        problems: list[FileProblem] = []
        with _variables(file, problems) as variables:
            tensors = tuple(variable.tensor() for variable in variables)
        if not tensors and not problems:
            raise LoadError(
                file.path,
                "is a MATLAB file without arrays of numbers. Save a matrix: save('x.mat', 'X').",
            )
        return Found(tensors, tuple(problems))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one variable."""
        with _variables(file, []) as variables:
            for variable in variables:
                if variable.name == tensor.key and variable.flat == tensor.shape:
                    return Loaded(variable.values())
        raise LoadError(file.path, "has changed. Refresh the listing.")


@contextmanager
def _variables(file: File, problems: list[FileProblem]) -> Iterator[list[Variable]]:
    if file.head().startswith(_NEWER):
        with opened(file) as handle:
            yield list(newer.variables(file, handle, problems))
    else:
        yield older.variables(file, problems)
