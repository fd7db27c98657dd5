"""The registry of formats. Adding one is a file in this folder and a line here."""

from __future__ import annotations

from projector.loaders.base import DescribedLoader, File, Loader
from projector.loaders.formats.anndata.h5ad import H5ad
from projector.loaders.formats.arrays.flax import FlaxMsgpack
from projector.loaders.formats.arrays.npy import Npy, Npz
from projector.loaders.formats.arrays.raw_float32 import RawFloat32
from projector.loaders.formats.arrays.safetensors import Safetensors
from projector.loaders.formats.compressed import Compressed
from projector.loaders.formats.databases.sqlite import Sqlite
from projector.loaders.formats.hdf5.hdf5 import Hdf5
from projector.loaders.formats.hdf5.keras import KerasArchive, KerasSharded
from projector.loaders.formats.indexes.faiss import Faiss
from projector.loaders.formats.matlab.matlab import Matlab
from projector.loaders.formats.models.fasttext import FastText
from projector.loaders.formats.models.gguf import Gguf
from projector.loaders.formats.models.onnx import Onnx
from projector.loaders.formats.pickles.gensim import Gensim
from projector.loaders.formats.pickles.object_arrays import ObjectArray
from projector.loaders.formats.pickles.plain import PlainPickle
from projector.loaders.formats.stores.orbax import Orbax
from projector.loaders.formats.stores.projector_log import ProjectorLog
from projector.loaders.formats.stores.zarr import Zarr
from projector.loaders.formats.tables.csv_loader import Csv
from projector.loaders.formats.tables.json_loader import Json, JsonLines, opens_as_json
from projector.loaders.formats.tables.loaders import Arrow, Parquet
from projector.loaders.formats.tensorflow.checkpoint import TensorFlowCheckpoint
from projector.loaders.formats.tensorflow.checkpoint_v1 import TensorFlowV1
from projector.loaders.formats.tensorflow.events import EventFile
from projector.loaders.formats.tensorflow.frozen_graph import FrozenGraph
from projector.loaders.formats.tensorflow.state_file import TensorFlowState
from projector.loaders.formats.text.lines import looks_like_text
from projector.loaders.formats.text.tensors_tsv import TensorsTsv
from projector.loaders.formats.text.word_vectors import WordVectors
from projector.loaders.formats.torch.distributed import TorchDistributed
from projector.loaders.formats.torch.files import TorchFile
from projector.loaders.formats.unreadable import POINTER, Recognized
from projector.loaders.in_reader import in_reader

_TEXT, _RAW = in_reader(TensorsTsv()), RawFloat32()


def find_loader(file: File) -> Loader | None:
    """Return the loader that recognizes a file, or None."""
    loaders = LOADERS
    if _is_plain_text(file):
        loaders = _OF_JSON if opens_as_json(file.head()) else _OF_ROWS
    return next((loader for loader in loaders if loader.sniff(file)), None)


def _is_plain_text(file: File) -> bool:
    """Tell whether a file is text by suffix and content, which only some loaders read.

    A log directory has tens of thousands of these: each loader that is not asked counts.
    """
    if file.suffix not in TEXT_SUFFIXES:
        return False
    head = file.head()
    return looks_like_text(head) and not head.startswith(POINTER)


#: Asked in this order; the first whose `sniff` accepts a file lists it.
_IN_ORDER: tuple[Loader, ...] = (
    EventFile(),
    TensorFlowCheckpoint(),
    TensorFlowState(),
    FrozenGraph(),
    ObjectArray(),
    Npy(),
    Npz(),
    Safetensors(),
    Sqlite(),
    Zarr(),
    Orbax(),
    ProjectorLog(),
    Matlab(),
    H5ad(),
    Hdf5(),
    KerasArchive(),
    KerasSharded(),
    TorchDistributed(),
    Faiss(),
    FastText(),
    Gguf(),
    Onnx(),
    Gensim(),
    PlainPickle(),
    TorchFile(),
    Parquet(),
    Arrow(),
    FlaxMsgpack(),
    Compressed(find_loader),
    Recognized(),
    TensorFlowV1(),
    JsonLines(),
    Json(),
    WordVectors(),
    _TEXT,
    Csv(),
    _RAW,
)
#: Those whose libraries foreign bytes may crash are called in the reader process.
LOADERS: tuple[Loader, ...] = tuple(map(in_reader, _IN_ORDER))
#: Those that read plain text; all others have magic numbers or suffixes of their own.
TEXT_SUFFIXES = frozenset({".tsv", ".tab", ".txt", ".csv", ".vec"})
_ROW_LOADERS = frozenset({"word-vectors", "tensors-tsv", "csv"})
_OF_ROWS = tuple(loader for loader in LOADERS if loader.name in _ROW_LOADERS)
_OF_JSON = tuple(loader for loader in LOADERS if loader.name in _ROW_LOADERS | {"jsonl", "json"})


def described() -> tuple[DescribedLoader, ...]:
    """Return the formats with what they give, by title, for the documentation."""
    found = [loader for loader in _IN_ORDER if isinstance(loader, DescribedLoader)]
    return tuple(sorted(found, key=lambda loader: loader.title.casefold()))


def loader_of_named_tensor(file: File, *, has_shape: bool) -> Loader:
    """Return the loader of a file that a config names as a tensor.

    Parameters
    ----------
    file : File
    has_shape : bool
        The config gives the tensor's shape, so bytes without a header can be read too.
    """
    found = find_loader(file)
    if found is not None:
        return found
    return _RAW if has_shape and not looks_like_text(file.head()) else _TEXT


def known_extensions() -> tuple[str, ...]:
    """Return the usual suffixes of all formats, sorted."""
    return tuple(sorted({suffix for loader in LOADERS for suffix in loader.extensions}))
