"""PyTorch files in both formats, written by hand."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.torch.files import TorchFile
from tests.loaders.formats.torch.pickles import (
    call,
    function,
    legacy,
    mapping,
    number,
    tensor,
    text,
    whole,
)
from tests.loaders.writers import file_with

VALUES = np.arange(6, dtype="<f4")


def zipped(value: bytes, records: dict[str, bytes], **more: bytes) -> bytes:
    members = {"data.pkl": whole(value), **{f"data/{key}": raw for key, raw in records.items()}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, raw in {**members, **more}.items():
            # Without a time of its own, so that the names of tests stay alike.
            archive.writestr(zipfile.ZipInfo(f"model/{name}"), raw)
    return out.getvalue()


def state(**tensors: bytes) -> bytes:
    return mapping(tensors)


@pytest.fixture(params=["zip", "legacy"])
def model(tmp_path: Path, request: pytest.FixtureRequest) -> File:
    value = state(emb=tensor("0", (2, 3), (3, 1)), turned=tensor("0", (3, 2), (1, 3)))
    raw = VALUES.tobytes()
    content = (
        zipped(value, {"0": raw}) if request.param == "zip" else legacy(value, {"0": (6, raw)})
    )
    return file_with(tmp_path / "model.pt", content)


def test_tensors_are_views_of_their_storage(model: File) -> None:
    loader = TorchFile()
    assert loader.sniff(model)
    emb, turned = loader.list(model).tensors
    assert (emb.name, emb.shape, emb.dtype, emb.role) == ("emb", (2, 3), "float32", "embedding")
    np.testing.assert_array_equal(loader.load(model, emb).values, VALUES.reshape(2, 3))
    np.testing.assert_array_equal(loader.load(model, turned).values, VALUES.reshape(2, 3).T)


def test_a_single_tensor_is_named_after_its_file(tmp_path: Path) -> None:
    file = file_with(
        tmp_path / "vectors.pt", zipped(tensor("0", (2, 3), (3, 1)), {"0": VALUES.tobytes()})
    )
    (found,) = TorchFile().list(file).tensors
    assert (found.name, found.whole, found.role) == ("vectors", True, "embedding")


def test_big_endian_files_are_read(tmp_path: Path) -> None:
    value = state(emb=tensor("0", (2, 3), (3, 1)))
    content = zipped(value, {"0": VALUES.astype(">f4").tobytes()}, byteorder=b"big")
    file = file_with(tmp_path / "model.pt", content)
    loader = TorchFile()
    (found,) = loader.list(file).tensors
    np.testing.assert_array_equal(loader.load(file, found).values, VALUES.reshape(2, 3))


def test_what_is_not_shown_is_reported(tmp_path: Path) -> None:
    sparse = call("torch._utils", "_rebuild_sparse_tensor", number(1))
    file = file_with(tmp_path / "model.pt", zipped(state(s=sparse), {}))
    (problem,) = TorchFile().list(file).problems
    assert problem.message == "'s' is a sparse tensor and is not shown."
    assert problem.severity == "warning"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (zipped(state(n=number(1)), {}), "contains no tensors"),
        (zipped(call("os", "system"), {}), "is refused: it tries to run 'os.system'; nothing was"),
        (b"PK\x03\x04" + bytes(50), "is not a complete zip archive"),
        (b"", "is empty"),
        (b"\x80\x04.", "is a plain Python pickle. Pickles can run any code"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer"),
        (b"something else", "is not a PyTorch file, neither in zip nor in legacy format"),
        (
            legacy(state(e=tensor("0", (6,), (1,))), {"0": (5, bytes(24))}),
            "has 5 numbers, expected 6",
        ),
        (legacy(state(e=tensor("0", (6,), (1,))), {"0": (6, bytes(8))}), "truncated or damaged"),
        (legacy(state(e=tensor("0", (6,), (1,))), {"1": (6, bytes(24))}), "belongs to no tensor"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(LoadError, match=message):
        TorchFile().list(file_with(tmp_path / "model.pt", content))


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ({"0": bytes(20)}, "has 20 bytes, but 6 numbers of type float32 take 24"),
        ({}, "has no member 'model/data/0'"),
    ],
)
def test_a_damaged_storage_costs_its_tensor_only(
    tmp_path: Path, records: dict[str, bytes], message: str
) -> None:
    value = state(bad=tensor("0", (6,), (1,)), good=tensor("1", (6,), (1,)))
    file = file_with(tmp_path / "model.pt", zipped(value, {**records, "1": VALUES.tobytes()}))
    found = TorchFile().list(file)
    assert [each.name for each in found.tensors] == ["good"]
    assert message in found.problems[0].message


FOREIGN = {
    "scheduler": call("collections", "Counter", mapping({"30": number(1)})),
    "pooling": call("encoder.options", "Pooling", text("mean")),
    "factory": call("functools", "partial", function("torch.optim.sgd", "SGD")),
    "options": function("argparse", "Namespace") + b")\x81" + mapping({"lr": number(1)}) + b"b",
}


@pytest.mark.parametrize("legacy_file", [False, True])
def test_objects_of_other_libraries_are_left_out_not_the_file(
    tmp_path: Path, legacy_file: bool
) -> None:
    value = mapping({"emb": tensor("0", (2, 3), (3, 1)), "more": mapping(FOREIGN)})
    raw = VALUES.tobytes()
    content = legacy(value, {"0": (6, raw)}) if legacy_file else zipped(value, {"0": raw})
    file, loader = file_with(tmp_path / "run.ckpt", content), TorchFile()
    found = loader.list(file)
    assert not found.problems
    (emb,) = found.tensors
    loaded = loader.load(file, emb)
    np.testing.assert_array_equal(loaded.values, VALUES.reshape(2, 3))
    (note,) = loaded.warnings
    assert note.startswith("4 objects were left out (collections.Counter, encoder.options.Pooling")


def test_a_file_of_foreign_objects_alone_says_what_they_are(tmp_path: Path) -> None:
    file = file_with(tmp_path / "state.pt", zipped(mapping(FOREIGN), {}))
    with pytest.raises(LoadError, match=r"contains no tensors\. 4 objects were left out"):
        TorchFile().list(file)


@pytest.mark.parametrize("names", [("a/data.pkl", "a/data.pkl"), ("a/data.pkl", "b/c/data.pkl")])
def test_two_pickles_in_one_archive_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name
        for name in names:
            archive.writestr(name, whole(state(e=tensor("0", (2, 3), (3, 1)))))
        archive.writestr("a/data/0", VALUES.tobytes())
    file = file_with(tmp_path / "model.pt", out.getvalue())
    with pytest.raises(LoadError, match=r"is refused: it has several pickles, 'a/data\.pkl'"):
        TorchFile().list(file)


def test_other_pickles_of_an_archive_are_no_second_one(tmp_path: Path) -> None:
    value, more = state(e=tensor("0", (2, 3), (3, 1))), {"constants.pkl": whole(b")")}
    file = file_with(tmp_path / "script.pt", zipped(value, {"0": VALUES.tobytes()}, **more))
    assert len(TorchFile().list(file).tensors) == 1


def test_a_zip_file_of_something_else_is_not_pytorch(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "text")
    loader = TorchFile()
    assert not loader.sniff(file_with(tmp_path / "a.bin", out.getvalue()))
    named = file_with(tmp_path / "a.pt", out.getvalue())
    assert loader.sniff(named)
    with pytest.raises(LoadError, match=r"without data\.pkl"):
        loader.list(named)
