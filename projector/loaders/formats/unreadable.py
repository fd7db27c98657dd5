"""Recognizes files that are never read, and says what they are and what to do instead."""

from __future__ import annotations

from projector.errors import LoadError
from projector.loaders.base import File, Found, Loaded, Tensor

_WEIGHTS = str.split(
    """
        .pt .pth .bin .ckpt .safetensors .npy .npz .h5 .hdf5 .keras .onnx .parquet .model .kv .vec
        .pkl .pickle .joblib .arrow .feather .h5ad .msgpack .tsv .bytes .dat .t7
        """
)
_PICKLES = (".pkl", ".pickle", ".joblib", ".kv", ".model", ".dill", ".p")
#: The files of an index of Chroma; the one of its upper levels is often empty.
_CHROMA = frozenset({"header.bin", "data_level0.bin", "length.bin"})
_POINTER = b"version https://git-lfs"


class Recognized:
    """Git LFS pointers and empty files."""

    name = "recognized"
    title = "Recognized, but not readable"
    extensions = ()

    def sniff(self, file: File) -> bool:
        """Recognize them by content or suffix; empty files by the suffixes of vectors."""
        name = file.name.lower()
        head = file.head()
        return (
            head.startswith(_POINTER)
            or _is_pickle(head)
            or name.endswith(_PICKLES)
            or (not head and name.endswith(tuple(_WEIGHTS)) and not file.folder.keys() >= _CHROMA)
        )

    def list(self, file: File) -> Found:
        """Raise the LoadError that says what it is."""
        head = file.head()
        if not head:
            raise LoadError(file.path, "is empty. Save or copy it again.")
        if head.startswith(_POINTER):
            message = "is a Git LFS pointer, not the file itself. Run: git lfs pull"
        elif file.name.endswith((".kv", ".model")):
            message = (
                "is a Gensim pickle. Pickles can run any code and are never unpickled; save the "
                "vectors with save_word2vec_format."
            )
        else:
            message = (
                "is a Python pickle. Pickles can run any code and are never unpickled; save the "
                "vectors with numpy.save, torch.save or safetensors."
            )
        raise LoadError(file.path, message)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Raise LoadError: there is nothing to load."""
        raise LoadError(file.path, "cannot be read (see docs/formats.md).")


def _is_pickle(head: bytes) -> bool:
    return head[:1] == b"\x80" and head[1:2] in (b"\2", b"\3", b"\4", b"\5")
