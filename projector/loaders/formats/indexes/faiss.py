"""Reads the vectors of FAISS indexes, and the texts that LangChain pickles beside them."""

from __future__ import annotations

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.file_bytes import FileBytes
from projector.loaders.formats.indexes.faiss_file import (
    FaissError,
    Index,
    in_order,
    is_faiss,
    read_index,
)
from projector.loaders.formats.indexes.texts import texts_beside
from projector.loaders.safe_files import printable
from projector.model.metadata import Column

_EXPORT = (
    "Rebuild it without compression, or save the vectors that it was made of: numpy.save(path, "
    "vectors)."
)


class Faiss:
    """What ``faiss.write_index`` writes."""

    name = "faiss"
    title = "FAISS index"
    gives = "the vectors of flat, IVF-flat and HNSW-flat indexes, with LangChain's texts"
    extensions = (".faiss", ".index")

    def sniff(self, file: File) -> bool:
        """Recognize it by its first letters and header, or by suffix."""
        return is_faiss(file.head()) or file.name.lower().endswith(".faiss")

    def list(self, file: File) -> Found:
        """Read the headers."""
        index = _read(FileBytes(file.real), file)
        beside, columns = texts_beside(file, index.shape[0])
        tensor = Tensor(
            "",
            file.stem,
            index.shape,
            "float32",
            role="embedding",
            labeled=bool(columns) or index.numbers is not None,
            whole=True,
        )
        problems: tuple[FileProblem, ...] = ()
        if beside is not None and not columns:
            message = f"has no text for each of the {index.shape[0]:,} vectors and is not used."
            problems = (FileProblem(message, "warning", beside.path),)
        return Found((tensor,), problems, () if beside is None else (beside,))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Take the vectors in the order in which they were added, with their texts."""
        raw = FileBytes(file.real)
        values, numbers = in_order(_read(raw, file), raw)
        beside, columns = texts_beside(file, len(values))
        warnings, ids = [], []
        if numbers is not None:
            warnings.append("the vectors have numbers of their own: see the column 'id'.")
            ids = [Column.from_values("id", numbers)]
        if beside is not None and columns:
            warnings.append(f"the texts are from {printable(beside.name)}.")
        return Loaded(values, (*ids, *columns), tuple(warnings))


def _read(raw: FileBytes, file: File) -> Index:
    try:
        return read_index(raw)
    except FaissError as error:
        raise LoadError(file.path, f"is a FAISS index that {error}. {_EXPORT}") from None
    except ValueError as error:
        raise LoadError(file.path, f"is a truncated FAISS index: {error}. Copy it again.") from None
