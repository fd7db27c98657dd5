"""The contract of a loader: what it must do with its own files, damaged ones and junk."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import File, Loader
from projector.loaders.logdir.walk import read_folder
from projector.testing.expectation import expect

#: A check of a loader, with the paths of some of its files.
LoaderCheck: TypeAlias = Callable[[Loader, Sequence[Path]], None]

#: Beginnings of other formats, and nothing in particular.
JUNK = (
    b"",
    b"\0",
    b"a",
    b"PK\3\4",
    b"\x80\2",
    b"\x89HDF\r\n\x1a\n",
    b"\x93NUMPY\1\0",
    b"{}",
    b"PAR1",
    b"ARROW1\0\0",
    b"1 2\n",
    b"\xff" * 5000,
    b"1\t2\n" * 9,
    b"\x1f\x8b\0\0",
    b"\n" * 99,
)
_DAMAGED = 24
_LARGEST = 1 << 20


def check_loader(loader: Loader, paths: Sequence[Path | str]) -> None:
    """Run all `LOADER_CHECKS`.

    Parameters
    ----------
    loader : Loader
    paths : sequence of path
        Real files of the format, at least one, each small.

    Raises
    ------
    AssertionError
        A promise is not kept; the message says which, and of which file.
    """
    for check in LOADER_CHECKS:
        check(loader, [Path(path) for path in paths])


def it_names_itself(loader: Loader, _paths: Sequence[Path]) -> None:
    """Name, title and suffixes have the form that listing and documentation need."""
    expect(re.fullmatch(r"[a-z0-9-]+", loader.name), f"{loader.name!r}: use a-z, 0-9 and -")
    expect(loader.title, f"{loader.name} has no title")
    for suffix in loader.extensions:
        expect(
            suffix.startswith(".") and suffix == suffix.lower(),
            f"{loader.name}: {suffix!r} must begin with a period and be in lower case",
        )


def its_files_are_listed_and_loaded(loader: Loader, paths: Sequence[Path]) -> None:
    """Each file is recognized; what is listed loads, in the shape that was listed."""
    expect(paths, f"{loader.name}: give the path of a real file")
    for path in paths:
        file = file_at(path)
        expect(loader.sniff(file), f"{loader.name} does not recognize {path.name}")
        tensors = loader.list(file).tensors
        expect(tensors, f"{loader.name} finds no tensor in {path.name}")
        keys = [tensor.key for tensor in tensors]
        expect(len(set(keys)) == len(keys), f"{loader.name}: keys in {path.name} are not unique")
        for tensor in tensors:
            loaded = loader.load(file, tensor)
            where = f"{tensor.name} in {path.name}"
            expect(
                loaded.values.shape == tensor.shape,
                f"{loader.name}: {where} is listed as {tensor.shape}, loaded {loaded.values.shape}",
            )
            lengths = {len(column.text) for column in loaded.columns}
            expect(lengths <= {len(loaded.values)}, f"{loader.name}: metadata of {where} has gaps")


def loading_twice_gives_the_same(loader: Loader, paths: Sequence[Path]) -> None:
    """Load twice and compare: a loader has no memory."""
    for path in paths:
        file = file_at(path)
        for tensor in loader.list(file).tensors:
            first, second = (loader.load(file, tensor).values for _ in range(2))
            same = np.array_equal(first, second, equal_nan=first.dtype.kind in "fc")
            expect(same, f"{loader.name}: {path.name} is not the same when it is loaded again")


def junk_is_passed_over_or_refused(
    loader: Loader, _paths: Sequence[Path], more_names: Sequence[str] = ()
) -> None:
    """Other content, under any name, raises nothing but `LoadError`."""
    names = ["x", *more_names, *(f"x{suffix}" for suffix in loader.extensions)]
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            for content in JUNK:
                path = Path(folder, name)
                path.write_bytes(content)
                _try(loader, path, f"{content[:20]!r} under the name {name}")
                path.unlink()  # it may make the folder a store, whose other files are hidden


def damage_is_refused(loader: Loader, paths: Sequence[Path]) -> None:
    """Shortened and changed files raise nothing but `LoadError`, and never take endless memory."""
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            content = path.read_bytes()[:_LARGEST]
            damaged = Path(folder, path.name)
            size = len(content)
            for length in sorted({0, 1, size // 3, size // 2, max(0, size - 1)}):
                damaged.write_bytes(content[:length])
                _try(loader, damaged, f"{path.name}, shortened to {length} bytes")
            for _ in range(_DAMAGED if content else 0):
                changed, at = bytearray(content), int(rng.integers(len(content)))
                changed[at] ^= int(rng.integers(1, 256))
                damaged.write_bytes(changed)
                _try(loader, damaged, f"{path.name}, with byte {at} changed")


#: Every check, to be called with a loader and the paths of some of its files.
LOADER_CHECKS: tuple[LoaderCheck, ...] = (
    it_names_itself,
    its_files_are_listed_and_loaded,
    loading_twice_gives_the_same,
    junk_is_passed_over_or_refused,
    damage_is_refused,
)


def file_at(path: Path) -> File:
    """Return a file as a walk of its folder finds it."""
    found = read_folder(path.parent.resolve()).files.get(path.name)
    expect(found is not None, f"{path} is no regular file")
    assert found is not None
    return found


def _try(loader: Loader, path: Path, what: str) -> None:
    file = file_at(path)
    try:
        if loader.sniff(file):
            for tensor in loader.list(file).tensors:
                loader.load(file, tensor)
    except LoadError:
        return
    except Exception as error:
        message = f"{loader.name} raised {type(error).__name__} and no LoadError: {what} ({error})"
        raise AssertionError(message) from error
