"""The published checks of loaders pass what is right, and find what is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.base import File, Found, Loaded, Tensor
from projector.loaders.formats.registry import FORMATS
from projector.testing import check_loader


class Pairs:
    """A format for this test: pairs of bytes behind a mark."""

    name, title, extensions = "pairs", "Pairs", (".pairs",)

    def sniff(self, file: File) -> bool:
        return file.head().startswith(b"PAIRS")

    def list(self, file: File) -> Found:
        n_pairs, odd = divmod(file.size - 5, 2)
        if odd or n_pairs < 1:
            raise LoadError(file.path, "has half a pair.")
        return Found((Tensor("pairs", "pairs", (n_pairs, 2), "uint8"),))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        raw = np.frombuffer(file.path.read_bytes()[5:], np.uint8)
        return Loaded(raw.reshape(tensor.shape))


class Trusting(Pairs):
    def list(self, file: File) -> Found:
        return Found((Tensor("pairs", "pairs", (int(file.path.read_bytes()[5:6][0]), 2), "uint8"),))


class Greedy(Pairs):
    def sniff(self, file: File) -> bool:
        return file.head()[0] > 0


class Short(Pairs):
    def load(self, file: File, tensor: Tensor) -> Loaded:
        return Loaded(super().load(file, tensor).values[1:])


class Forgetful(Pairs):
    calls = 0

    def load(self, file: File, tensor: Tensor) -> Loaded:
        self.calls += 1
        found = super().load(file, tensor)
        return replace(found, values=found.values + np.uint8(self.calls))


class Blind(Pairs):
    def sniff(self, file: File) -> bool:
        return False


class Loud(Pairs):
    name, extensions = "Pairs!", ("PAIRS",)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "a.pairs").write_bytes(b"PAIRS\x03\x00abcd")
    return tmp_path / "a.pairs"


def test_a_sound_loader_passes(path: Path) -> None:
    check_loader(Pairs(), [path])


def test_our_own_pass(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.eye(3, dtype=np.float32))
    check_loader(FORMATS["npy"], [tmp_path / "a.npy"])


@pytest.mark.parametrize(
    ("loader", "message"),
    [
        (Trusting(), "no LoadError: a.pairs, shortened to 5 bytes"),
        (Greedy(), "raised IndexError and no LoadError"),
        (Short(), r"is listed as \(3, 2\), loaded \(2, 2\)"),
        (Forgetful(), "is not the same when it is loaded again"),
        (Blind(), "does not recognize a.pairs"),
        (Loud(), "use a-z, 0-9 and -"),
    ],
)
def test_a_broken_promise_is_found(path: Path, loader: Any, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_loader(loader, [path])


def test_without_a_file_nothing_is_proved() -> None:
    with pytest.raises(AssertionError, match="give the path of a real file"):
        check_loader(Pairs(), [])
