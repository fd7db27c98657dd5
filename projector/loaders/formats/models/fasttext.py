"""Reads fastText's own binary files (``.bin``): the vectors of words, and of labels."""

from __future__ import annotations

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.models.fasttext_file import (
    MAGIC,
    FastTextError,
    Model,
    entries,
    read_model,
)
from projector.loaders.safe_files import printable
from projector.model.metadata import Column
from projector.model.text import PackedText

_WORDS, _LABELS, _OUTPUT = "words", "labels", "output"


class FastText:
    """A model of words, or of a classifier."""

    name = "fasttext"
    title = "fastText model"
    gives = "the vectors of words, and of a classifier's labels"
    extensions = (".bin", ".ftz")

    def sniff(self, file: File) -> bool:
        """Recognize it by its magic number."""
        return file.head().startswith(MAGIC)

    def list(self, file: File) -> Found:
        """Pass over the words, and read the sizes of the matrices."""
        model = _read(file, FileBytes(file.real))
        found = [(_WORDS, model.n_words, model.vectors)] if model.n_words else []
        if model.output is not None:
            # A classifier has a vector for each label; its words predict nothing by themselves.
            name = _LABELS if model.is_classifier else _OUTPUT
            found.append((name, model.output.n_rows, model.output))
        tensors = [
            Tensor(
                name,
                name,
                (n_rows, matrix.n_dims),
                "float32",
                role="weight" if name == _OUTPUT else "embedding",
                labeled=name != _OUTPUT,
            )
            for name, n_rows, matrix in found
        ]
        problems: tuple[FileProblem, ...] = ()
        if model.output is None:
            message = "is a fastText model without its last matrix. Only its words are shown."
            problems = (FileProblem(message, "warning"),)
        return Found(tuple(tensors), problems)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read a matrix, and the words or labels of its rows."""
        raw = FileBytes(file.real)
        model = _read(file, raw)
        matrix = model.vectors if tensor.key == _WORDS else model.output
        n_rows = model.n_words if tensor.key == _WORDS else matrix.n_rows if matrix else 0
        if matrix is None or (n_rows, matrix.n_dims) != tensor.shape:
            raise LoadError(file.path, "has changed. Refresh the listing.")
        size = 4 * n_rows * matrix.n_dims
        values = raw.array(matrix.start, matrix.start + size).view("<f4").reshape(tensor.shape)
        if tensor.key == _OUTPUT:
            return Loaded(values)
        columns = _columns(raw, model, n_rows, labels=tensor.key == _LABELS)
        warnings = []
        if tensor.key == _WORDS and model.n_grams != (0, 0):
            shortest, longest = model.n_grams
            warnings.append(
                f"these are the vectors of whole words. fastText adds those of their parts, of "
                f"{shortest} to {longest} letters, and divides by their number. For these sums: "
                f"fasttext print-word-vectors {printable(file.name)} < words.txt > words.vec"
            )
        return Loaded(values, columns, tuple(warnings))


def _read(file: File, raw: FileBytes) -> Model:
    try:
        return read_model(raw)
    except FastTextError as error:
        raise LoadError(
            file.path,
            f"is a fastText model that {error}. Save its vectors as text: fasttext "
            f"print-word-vectors {printable(file.name)} < words.txt > words.vec",
        ) from None
    except ValueError as error:
        raise LoadError(
            file.path, f"is a truncated fastText model: {error}. Copy it again."
        ) from None


def _columns(raw: FileBytes, model: Model, n_rows: int, *, labels: bool) -> tuple[Column, ...]:
    found = list(entries(raw, model.words_at, model.n_words + model.n_labels))
    chosen = [(word, count) for word, count, is_label, _ in found if is_label == labels]
    if len(chosen) != n_rows:
        return ()
    texts = [word.decode("utf-8", "replace") for word, _ in chosen]
    name = "label" if labels else "word"
    counts = Column.from_values("count", [count for _, count in chosen])
    return (Column(name, "text", PackedText.pack(texts)), counts)
