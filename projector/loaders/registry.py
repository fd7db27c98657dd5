"""Every format there is. Adding one is a file in this folder and a line here."""

from __future__ import annotations

from projector.loaders.base import Loader
from projector.loaders.numpy_files import Npy, Npz
from projector.loaders.raw_float32 import RawFloat32
from projector.loaders.recognised import Recognised
from projector.loaders.safetensors_files import Safetensors
from projector.loaders.tensors_tsv import TensorsTsv
from projector.loaders.tf_checkpoint import TensorFlowCheckpoint
from projector.loaders.torch_files import TorchFile

#: Asked in this order; the first that takes a file has it.
LOADERS: tuple[Loader, ...] = (
    TensorFlowCheckpoint(),
    Npy(),
    Npz(),
    Safetensors(),
    TorchFile(),
    Recognised(),
    TensorsTsv(),
    RawFloat32(),
)

BY_NAME: dict[str, Loader] = {loader.name: loader for loader in LOADERS}
