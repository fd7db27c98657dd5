"""Every format there is. Adding one is a file in this folder and a line here."""

from __future__ import annotations

from projector.loaders.base import Loader
from projector.loaders.formats.arrays.flax import FlaxMsgpack
from projector.loaders.formats.arrays.npy import Npy, Npz
from projector.loaders.formats.arrays.raw_float32 import RawFloat32
from projector.loaders.formats.arrays.safetensors import Safetensors
from projector.loaders.formats.hdf5.anndata import H5ad
from projector.loaders.formats.hdf5.hdf5 import Hdf5
from projector.loaders.formats.hdf5.keras import KerasArchive, KerasSharded
from projector.loaders.formats.tables.tables import Arrow, Csv, JsonLines, Parquet
from projector.loaders.formats.tensorflow.checkpoint import TensorFlowCheckpoint
from projector.loaders.formats.tensorflow.checkpoint_v1 import TensorFlowV1
from projector.loaders.formats.tensorflow.events import EventFile
from projector.loaders.formats.tensorflow.state_file import TensorFlowState
from projector.loaders.formats.text.tensors_tsv import TensorsTsv
from projector.loaders.formats.text.word_vectors import WordVectors
from projector.loaders.formats.torch.distributed import TorchDistributed
from projector.loaders.formats.torch.files import TorchFile
from projector.loaders.formats.unreadable import Recognized

#: Asked in this order; the first that takes a file has it.
LOADERS: tuple[Loader, ...] = (
    EventFile(),
    TensorFlowCheckpoint(),
    TensorFlowState(),
    Npy(),
    Npz(),
    Safetensors(),
    H5ad(),
    Hdf5(),
    KerasArchive(),
    KerasSharded(),
    TorchDistributed(),
    TorchFile(),
    Parquet(),
    Arrow(),
    FlaxMsgpack(),
    Recognized(),
    TensorFlowV1(),
    WordVectors(),
    TensorsTsv(),
    Csv(),
    JsonLines(),
    RawFloat32(),
)

BY_NAME: dict[str, Loader] = {loader.name: loader for loader in LOADERS}
