"""Files that are known and not read: each says what it is and what to do instead."""

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
_POINTER = b"version https://git-lfs"


class Recognized:
    """Pickles, Orbax checkpoints, git-lfs pointers and empty files."""

    name = "recognized"
    title = "Recognized, not readable"
    extensions = ()

    def sniff(self, file: File) -> bool:
        """Tell by content, among names that usually hold vectors."""
        name = file.name.lower()
        head = file.head()
        return (
            _is_orbax(file)
            or head.startswith(_POINTER)
            or _is_pickle(head)
            or name.endswith(_PICKLES)
            or (not head and name.endswith(tuple(_WEIGHTS)))
        )

    def list(self, file: File) -> Found:
        """Say what it is."""
        head = file.head()
        if _is_orbax(file):
            raise LoadError(
                file.path,
                "is an Orbax checkpoint (OCDBT), which only tensorstore reads. Save the arrays "
                "beside it, as with numpy.savez or flax.serialization.to_bytes.",
            )
        if not head:
            raise LoadError(file.path, "is empty. Save or copy it again.")
        if head.startswith(_POINTER):
            told = "is a git-lfs pointer, not the file itself. Fetch it: git lfs pull."
        elif file.name.endswith((".kv", ".model")):
            told = (
                "is a gensim pickle, which could run anything and is never unpickled. Save it "
                "with save_word2vec_format."
            )
        else:
            told = (
                "is a Python pickle, which could run anything and is never unpickled. Save the "
                "vectors with numpy.save, torch.save or safetensors."
            )
        raise LoadError(file.path, told)

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Refuse: nothing was listed."""
        raise LoadError(file.path, "can not be read (docs/formats.md).")


def _is_orbax(file: File) -> bool:
    """Tell the top of an Orbax checkpoint; each process has a store of its own below."""
    return file.name == "manifest.ocdbt" and "_METADATA" in file.folder


def _is_pickle(head: bytes) -> bool:
    return head[:1] == b"\x80" and head[1:2] in (b"\2", b"\3", b"\4", b"\5")
