"""A plug-in for projector: a format, a method and a panel. See docs/plugins.md."""

from pathlib import Path

import numpy as np

from projector.compute.common_parameters import RANDOM_STATE, n_components
from projector.compute.method import Method, MethodInput, Outcome
from projector.errors import LoadError
from projector.loaders.base import File, Found, Loaded, Tensor
from projector.model.panel import Panel
from projector.model.progress import Progress


class Fvecs:
    """Vectors as the benchmarks of nearest-neighbor search store them."""

    name, title, extensions = "fvecs", "fvecs", (".fvecs",)

    def sniff(self, file: File) -> bool:
        """Recognize it by suffix: it begins with a number, as many files do."""
        return file.suffix == ".fvecs"

    def list(self, file: File) -> Found:
        """Take the number of dimensions before the first vector as that of all."""
        head = file.head()[:4]
        n_dims = int.from_bytes(head, "little", signed=True)
        if n_dims < 1 or file.size % (4 + 4 * n_dims):
            raise LoadError(file.path, f"is no fvecs file: {file.size} bytes, {n_dims} dimensions.")
        shape = (file.size // (4 + 4 * n_dims), n_dims)
        return Found((Tensor("vectors", "vectors", shape, "float32", whole=True),))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read all vectors, and leave out the number before each."""
        rows, n_dims = tensor.shape
        raw = np.fromfile(file.real, "<f4", rows * (n_dims + 1)).reshape(rows, n_dims + 1)
        if (raw[:, 0].view("<i4") != n_dims).any():
            raise LoadError(file.path, f"has vectors of different lengths, not all {n_dims}.")
        return Loaded(raw[:, 1:].copy())


def project(inputs: MethodInput) -> Outcome:
    """Project onto random directions, of which all distances are kept roughly."""
    rng = np.random.default_rng(int(inputs.params["random_state"] or 0))
    directions = rng.normal(size=(inputs.vectors.shape[1], int(inputs.params["n_components"] or 2)))
    vectors = inputs.vectors / (np.abs(inputs.vectors).max() or 1)
    positions = (vectors @ directions).astype(np.float32)
    inputs.progress(Progress("layout", 1, 1, positions))
    return Outcome(positions)


RANDOM = Method(
    name="random",
    title="Random",
    summary="Projects the vectors onto random directions.",
    parameters=(n_components(2), RANDOM_STATE),
    run=project,
    is_instant=True,
)
SPREAD = Panel("spread", "Spread", Path(__file__).with_name("spread.js"))
