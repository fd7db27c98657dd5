"""Recognizes files that are never read, and says what they are and what to do instead."""

from __future__ import annotations

from projector.errors import LoadError
from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.formats.convertible import find_convertible

#: Suffixes of files that cannot be empty.
_WEIGHTS = tuple(
    str.split(
        """
        .pt .pth .bin .ckpt .safetensors .npy .npz .h5 .hdf5 .keras .onnx .parquet .model .kv .vec
        .pkl .pickle .joblib .arrow .feather .h5ad .msgpack .tsv .bytes .dat .t7 .gguf .faiss .mat
        .sqlite3
        """
    )
)
#: The files of an index of Chroma; the one of its upper levels is often empty.
_CHROMA = frozenset({"header.bin", "data_level0.bin", "length.bin"})
POINTER = b"version https://git-lfs"


class Recognized:
    """Formats that other programs convert, Git LFS pointers and empty files."""

    name = "recognized"
    title = "Recognized, but not readable"
    gives = "a sentence that says what to do"
    extensions = ()

    def sniff(self, file: File) -> bool:
        """Recognize them by content or suffix; empty files by the suffixes of vectors."""
        head = file.head()
        if not head:
            is_weights = file.name.lower().endswith(_WEIGHTS)
            return is_weights and not all(name in file.folder for name in _CHROMA)
        return head.startswith(POINTER) or find_convertible(file) is not None

    def list(self, file: File) -> Found:
        """Say what it is: an error where something is wrong, a warning where it is as it should be.

        Raises
        ------
        LoadError
            It is empty, or a pointer.
        """
        head = file.head()
        if not head:
            raise LoadError(file.path, "is empty. Save or copy it again.")
        if head.startswith(POINTER):
            raise LoadError(
                file.path, "is a Git LFS pointer, not the file itself. Run: git lfs pull"
            )
        known = find_convertible(file)
        message = known.message(file) if known is not None else "is of no known format."
        return Found(problems=(FileProblem(message, "warning"),))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Raise LoadError: there is nothing to load."""
        raise LoadError(file.path, "cannot be read (see docs/formats.md).")
