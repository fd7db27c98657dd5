"""Reads what Gensim saves: word and document vectors, whole models, and the arrays beside them.

A model is a pickle; its large arrays are in files of their own, ``MODEL.wv.vectors.npy``. The
words are in the pickle, which is read without running anything in it.
Source: gensim/utils.py, `SaveLoad`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.dtypes import dtype_of
from projector.loaders.decoders.pickles.arrays import Array
from projector.loaders.decoders.pickles.placeholders import Refused, Shell
from projector.loaders.decoders.pickles.reader import is_pickle, read_pickle
from projector.loaders.decoders.pickles.stream import Stream
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.arrays.npy import Npy
from projector.loaders.formats.pickles.values import array_of, column_of, elements_of
from projector.loaders.safe_files import printable
from projector.model.metadata import Column
from projector.model.text import PackedText

#: Where Gensim keeps the words of a set of vectors, newest version first.
_WORDS = ("index_to_key", "index2word", "index2entity", "offset2doctag")
#: The vectors that a person came for; the others are a model's weights.
_VECTORS = frozenset(str.split("vectors syn0 vectors_vocab syn0_vocab vectors_docs doctag_syn0"))
_SUBWORDS = frozenset({"vectors_vocab", "syn0_vocab"})


@dataclass(frozen=True)
class _Matrix:
    """One array of a model, in the pickle or in a file beside it.

    Attributes
    ----------
    path : str
        Attributes that lead to it: ``"wv.vectors"``.
    value : Array or File
    words : sequence of str or int, or None
    counts : sequence of numbers or None
        How often each word occurred.
    """

    path: str
    value: Array | File
    words: Any = field(default=None, repr=False)
    counts: Any = field(default=None, repr=False)

    @property
    def attribute(self) -> str:
        return self.path.rpartition(".")[2]


class Gensim:
    """KeyedVectors, Word2Vec, FastText, Doc2Vec and other models."""

    name = "gensim"
    title = "Gensim vectors and models"
    gives = "word and document vectors with their words and counts"
    extensions = (".kv", ".model")

    def sniff(self, file: File) -> bool:
        """Recognize a pickle whose first name is one of Gensim's."""
        head = file.head()
        return is_pickle(head) and b"gensim." in head[:128]

    def list(self, file: File) -> Found:
        """Read the pickle, which has the words, and the headers of the arrays beside it."""
        parts = tuple(_parts(file))
        model = _read(file)
        problems: list[FileProblem] = []
        tensors = []
        for matrix in _matrices(file, model, "", problems):
            tensor = _tensor(file, matrix, problems)
            if tensor is not None:
                tensors.append(tensor)
        if not tensors and not problems:
            raise LoadError(
                file.path,
                f"is a {printable(model.kind[:80])} without vectors. Save the vectors of a model "
                "with save_word2vec_format.",
            )
        return Found(tuple(tensors), tuple(problems), parts)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one array, and the words of its rows."""
        for matrix in _matrices(file, _read(file), "", []):
            if matrix.path == tensor.key:
                break
        else:
            raise LoadError(file.path, "has changed. Refresh the listing.")
        if isinstance(matrix.value, File):
            values = Npy().load(matrix.value, Npy().list(matrix.value).tensors[0]).values
        else:
            values = matrix.value.take()
        warnings: list[str] = []
        columns = _columns(matrix, len(values), warnings) if values.ndim == 2 else ()
        if matrix.attribute in _SUBWORDS:
            warnings.append(
                "these are the vectors of whole words. FastText adds the vectors of a word's "
                "parts to them: save the sums with wv.save_word2vec_format."
            )
        return Loaded(values, tuple(columns), tuple(warnings))


def _parts(file: File) -> Iterator[File]:
    """Yield the files of a model's large arrays."""
    for name, part in file.folder.items():
        if name.startswith(f"{file.name}.") and name.endswith(".npy"):
            yield part


def _read(file: File) -> Shell:
    try:
        model = read_pickle(Stream(FileBytes(file.real)))
    except Refused as error:
        raise LoadError(
            file.path,
            f"is refused: {error}. It is a Gensim pickle; save the words and vectors with "
            "save_word2vec_format.",
        ) from None
    if not isinstance(model, Shell):
        raise LoadError(file.path, "is not a model of Gensim. Save it again.")
    return model


def _matrices(
    file: File, model: Shell, path: str, problems: list[FileProblem]
) -> Iterator[_Matrix]:
    """Yield the arrays of a model, and of the models that it holds."""
    state = model.state if isinstance(model.state, dict) else {}
    words = _words(state)
    counts = _counts(state)
    for key in elements_of(state.get("__numpys")) or ():
        inner = _inner(path, key)
        beside = file.folder.get(f"{file.name}.{inner}.npy")
        if beside is not None:
            yield _Matrix(inner, beside, words, counts)
        elif str(key) in _VECTORS:
            missing = f"{printable(file.name)}.{printable(inner)}.npy"
            problems.append(
                FileProblem(f"its vectors are in {missing!r}, which is missing. Copy it here.")
            )
    for key, value in state.items():
        inner = _inner(path, key)
        if isinstance(value, Array):
            yield _Matrix(inner, value, words, counts)
        elif isinstance(value, Shell) and not path and value.kind.startswith("gensim."):
            yield from _matrices(file, value, inner, problems)


def _inner(path: str, key: Any) -> str:
    return f"{path}.{key}" if path else str(key)


def _words(state: dict[Any, Any]) -> Any:
    for key in _WORDS:
        words = elements_of(state.get(key)) or column_of(state.get(key))
        if words is not None and len(words):
            return words
    return _named_by_number(state.get("doctags")) or _named_by_number(state.get("vocab"))


def _named_by_number(table: Any) -> list[Any] | None:
    """Return the keys of a dict in the order of the numbers that its values hold."""
    if not isinstance(table, dict) or not table:
        return None
    numbers = {}
    for key, value in table.items():
        if isinstance(value, Shell):
            number = value.attribute("index")
            number = value.args[0] if number is None and value.args else number
            if type(number) is int:
                numbers[number] = key
    if sorted(numbers) != list(range(len(table))):
        return None
    return [numbers[place] for place in range(len(table))]


def _counts(state: dict[Any, Any]) -> Any:
    expandos = state.get("expandos")
    counts = array_of(expandos.get("count")) if isinstance(expandos, dict) else None
    return counts.take() if isinstance(counts, Array) and len(counts.shape) == 1 else None


def _tensor(file: File, matrix: _Matrix, problems: list[FileProblem]) -> Tensor | None:
    value = matrix.value
    if isinstance(value, File):
        try:
            (beside,) = Npy().list(value).tensors
        except LoadError as error:
            problems.append(FileProblem(error.message, path=value.path))
            return None
        shape, dtype, real = beside.shape, beside.dtype, beside.real
    elif not value.dtype:
        return None
    else:
        kind = dtype_of(value.dtype)
        shape, dtype, real = value.shape, kind.name, kind.kind in "biufV"
    main = matrix.attribute in _VECTORS
    return Tensor(
        matrix.path,
        printable(matrix.path),
        shape,
        dtype,
        role="embedding" if main else "weight",
        real=real,
        labeled=main and matrix.words is not None,
    )


def _columns(matrix: _Matrix, n_rows: int, warnings: list[str]) -> list[Column]:
    if matrix.words is None:
        return []
    words = list(matrix.words)
    if len(words) > n_rows or (len(words) < n_rows and matrix.attribute not in _VECTORS):
        return []  # rows of something else: parts of words, or the layers of a model
    if len(words) < n_rows:
        warnings.append(
            f"it has {len(words):,} words for {n_rows:,} vectors. The others have no word."
        )
    spare = [None] * (n_rows - len(words))
    texts = [word if isinstance(word, str) else str(word) for word in words]
    columns = [Column("word", "text", PackedText.pack([*texts, *spare]))]
    if matrix.counts is not None and len(matrix.counts) == n_rows:
        columns.append(Column.from_values("count", np.asarray(matrix.counts)))
    return columns
