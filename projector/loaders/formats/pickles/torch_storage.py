"""Tensors inside a plain pickle: torch pickles their storage as a small file of its old format."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projector.loaders.decoders.pickles.arrays import raw_bytes
from projector.loaders.decoders.pickles.placeholders import Function, Refused
from projector.loaders.decoders.pickles.stream import Span
from projector.loaders.formats.torch.legacy import read_legacy_bytes
from projector.loaders.formats.torch.values import TORCH, Storage


@dataclass(frozen=True)
class HeldStorage(Storage):
    """A storage whose bytes are at hand."""

    raw: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8), repr=False)
    big_endian: bool = False


def torch_names(path: Path) -> dict[str, Any]:
    """Return what torch's names stand for in a plain pickle."""

    def held(data: Any = b"", *_: Any) -> HeldStorage:
        raw = raw_bytes(data)
        if raw is None:
            raise Refused("a storage has no bytes")
        whole = raw.tobytes() if isinstance(raw, Span) else raw
        content = np.frombuffer(whole, np.uint8)
        value, places = read_legacy_bytes(path, whole)
        if not isinstance(value, Storage) or value.key not in places:
            raise Refused("a storage is something else")
        start = places[value.key]
        return HeldStorage(
            value.key, value.dtype, value.count, content[start : start + value.n_bytes]
        )

    return {**TORCH, "torch.storage._load_from_bytes": Function(held)}
