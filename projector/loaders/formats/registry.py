"""The registry of formats. Adding one is a file in this folder and a line here.

Formats of plug-ins stand in it, too. They are imported when the first file is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

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
from projector.loaders.plugin_loader import plugin_loader
from projector.plugins.entry_points import Plugin
from projector.plugins.registry import Registry

_TEXT, _RAW = in_reader(TensorsTsv()), RawFloat32()


def find_loader(file: File) -> Loader | None:
    """Return the loader that recognizes a file, or None."""
    loaders: Sequence[Loader] = LOADERS
    if _is_plain_text(file):
        loaders = LOADERS.of_text(file.suffix, is_json=opens_as_json(file.head()))
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
#: Those that read plain text; all others have magic numbers or suffixes of their own.
TEXT_SUFFIXES = frozenset({".tsv", ".tab", ".txt", ".csv", ".vec"})
_ROW_LOADERS = frozenset({"word-vectors", "tensors-tsv", "csv"})
_JSON_LOADERS = _ROW_LOADERS | {"jsonl", "json"}
#: The first that takes what no other loader reads, or nearly anything.
_FIRST_GUESS = "recognized"


def _adopted(found: Any, plugin: Plugin) -> Loader:
    return in_reader(plugin_loader(found, plugin, lambda *about: FORMATS.fail(*about)))


#: By name. Those whose libraries foreign bytes may crash are called in the reader process.
FORMATS: Registry[Loader] = Registry(
    "loader", ((each.name, in_reader(each)) for each in _IN_ORDER), _adopted
)


class Loaders(Sequence[Loader]):
    """Every loader, in the order in which they are asked about a file.

    Those of plug-ins come after the formats that are told by their content, or before the ones
    that their attribute `before` names.
    """

    def __init__(self) -> None:
        self._all: tuple[Loader, ...] = ()
        self._of_text: dict[tuple[str, bool], tuple[Loader, ...]] = {}
        self._plugin_suffixes: frozenset[str] | None = None

    def __iter__(self) -> Iterator[Loader]:
        return iter(self._ordered())

    def __len__(self) -> int:
        return len(self._ordered())

    @overload
    def __getitem__(self, index: int) -> Loader: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Loader]: ...
    def __getitem__(self, index: int | slice) -> Loader | Sequence[Loader]:
        return self._ordered()[index]

    def of_text(self, suffix: str, *, is_json: bool) -> tuple[Loader, ...]:
        """Return those that are asked about plain text whose name has this suffix."""
        kept = self._of_text.get((suffix, is_json))
        if kept is None:
            names = _JSON_LOADERS if is_json else _ROW_LOADERS
            kept = self._of_text[suffix, is_json] = tuple(
                loader
                for loader in self
                if loader.name in names
                or (FORMATS.plugin_of(loader.name) is not None and suffix in loader.extensions)
            )
        return kept

    @property
    def plugin_suffixes(self) -> frozenset[str]:
        """The suffixes of plug-ins' formats, which are looked into whatever else they mean."""
        if self._plugin_suffixes is None:
            of_plugins = (each for each in self if FORMATS.plugin_of(each.name) is not None)
            self._plugin_suffixes = frozenset(s for each in of_plugins for s in each.extensions)
        return self._plugin_suffixes

    def _ordered(self) -> tuple[Loader, ...]:
        if not self._all:
            self._all = _in_order(FORMATS)
        return self._all


def _in_order(formats: Registry[Loader]) -> tuple[Loader, ...]:
    found = list(formats.built_in)
    for loader in list(formats.values())[len(found) :]:
        names = [each.name for each in found]
        before = [names.index(name) for name in _before(loader) if name in names]
        found.insert(min(before, default=names.index(_FIRST_GUESS)), loader)
    return tuple(found)


def _before(loader: Loader) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(loader, "before", ())
    return found


LOADERS = Loaders()


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
