"""Loaders in the reader process: what ends it costs one file, and the message says why."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders import LOADERS
from projector.loaders.base import File, Found, Loaded, NativeLoader, Operations, Tensor
from projector.loaders.file_bytes import private_bytes
from projector.loaders.in_reader import InReader, in_reader
from projector.loaders.logdir import scanner
from projector.loaders.logdir.walk import read_folder
from projector.loaders.remote.unread import UnreadNowError
from projector.machine import expendable
from projector.machine.memory import FreeMemory
from tests.loaders.writers import rested
from tests.machine import deeds

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits are POSIX")
TENSOR = Tensor("", "x", (1000, 64), "float32")


class Fragile:
    """A format whose files say what becomes of the library that reads them."""

    name = "fragile"
    title = "Fragile"
    extensions = (".fragile",)
    native: Operations = ("list", "load")

    def sniff(self, file: File) -> bool:
        return file.name.endswith(".fragile")

    def list(self, file: File) -> Found:
        assert file.folder == {file.name: file}
        deed = file.head().decode()
        if deed == "process":
            return Found(step=os.getpid())
        if deed == "take":
            deeds.take(1 << 32)
        getattr(deeds, deed)()
        return Found((TENSOR,))

    def load(self, file: File, tensor: Tensor) -> Loaded:
        mapped = private_bytes(file.real).view(np.float32)[1:64_001].reshape(1000, 64)
        return Loaded(mapped, warnings=(str(os.getpid()),))


def fragile(folder: Path, deed: str) -> File:
    (folder / "x.fragile").write_text(deed)
    return read_folder(folder).files["x.fragile"]


@posix
@pytest.mark.parametrize(
    ("deed", "message"),
    [
        ("touch_nothing", r"crashed the reader of Fragile \(SIGSEGV\).*damaged; save it again"),
        ("give_up", r"crashed the reader of Fragile \(SIGABRT\)"),
        ("die", r"was killed \(SIGKILL\), most likely because the machine ran out of memory"),
        ("lack_a_library", r"takes more than .* of memory to be read"),
        ("fail", r"unexpected error \(ZeroDivisionError: of all things\)"),
    ],
)
def test_what_ends_the_reader_is_one_error(tmp_path: Path, deed: str, message: str) -> None:
    loader = InReader(Fragile())
    with pytest.raises(LoadError, match=message) as caught:
        loader.list(fragile(tmp_path, deed))
    assert str(caught.value).startswith("x.fragile: ")
    assert loader.list(fragile(tmp_path, "process")).step != os.getpid()


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not limit the address space")
@pytest.mark.parametrize(
    ("free", "message"),
    [
        (1 << 34, r"takes more than 1\.1 GB of memory to be read, which is not plausible"),
        (
            1 << 28,
            r"takes more than \d+\.\d MB .*, and 268\.4 MB are free\. Close other programs, or sa",
        ),
    ],
)
def test_memory_is_limited_by_the_size_of_the_file_and_by_what_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, message: str
) -> None:
    monkeypatch.setattr("projector.loaders.in_reader.free_memory", lambda: FreeMemory(free))
    with pytest.raises(LoadError, match=message):
        InReader(Fragile()).list(fragile(tmp_path, "take"))


@posix
def test_only_what_is_the_fault_of_the_file_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, "find_loader", lambda file: InReader(Fragile()))
    for deed, n_calls in (("touch_nothing", 1), ("die", 2)):
        memory, file = scanner.Scanner(), rested(fragile(tmp_path, deed))
        first = memory.list(file)
        assert first is not None
        assert len(first.found.problems) == 1
        assert (memory.list(file) is first) == (n_calls == 1)


def test_a_system_without_another_process_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setattr("projector.loaders.in_reader.EXPENDABLE", expendable.Expendable())
    with pytest.raises(UnreadNowError, match="the system starts no process for the reader of Frag"):
        InReader(Fragile()).list(fragile(tmp_path, "process"))


def test_numbers_that_are_a_part_of_the_file_are_read_from_it(tmp_path: Path) -> None:
    values = np.arange(64_002, dtype=np.float32)
    (tmp_path / "x.fragile").write_bytes(values.tobytes())
    loaded = InReader(Fragile()).load(read_folder(tmp_path).files["x.fragile"], TENSOR)
    assert loaded.warnings[0] != str(os.getpid())
    np.testing.assert_array_equal(loaded.values, values[1:64_001].reshape(1000, 64))


def test_other_operations_stay_here(tmp_path: Path) -> None:
    class Partly(Fragile):
        native = ("load",)

    assert InReader(Partly()).list(fragile(tmp_path, "process")).step == os.getpid()


def test_every_loader_of_the_registry_that_declares_it_is_called_there() -> None:
    wrapped = {loader.name for loader in LOADERS if isinstance(loader, InReader)}
    assert "jsonl" in wrapped
    assert not any(isinstance(loader, NativeLoader) for loader in LOADERS)
    assert in_reader(Fragile()).name == "fragile"
