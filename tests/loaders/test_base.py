"""Files and tensors as loaders see them, and errors that no loader expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.errors import LoadError
from projector.loaders.base import HEAD, Tensor, located_message, unexpected_error
from projector.loaders.safe_files import reason_of
from tests.loaders.writers import file_with


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("emb.npy", "emb"),
        ("words.txt.gz", "words"),
        ("model.weights.h5", "model"),
        ("model.ckpt-75", "model"),
        ("glove.6B.50d.txt", "glove.6B.50d"),
        ("model.100", "model.100"),
        ("plain", "plain"),
        (".metadata", ".metadata"),
    ],
)
def test_the_stem_has_no_suffixes(tmp_path: Path, name: str, stem: str) -> None:
    assert file_with(tmp_path / name, b"").stem == stem


def test_the_head_is_read_once(tmp_path: Path) -> None:
    file = file_with(tmp_path / "a.bin", b"x" * (HEAD + 5) + b"end")
    assert file.head() == b"x" * HEAD
    assert file.tail(4) == b"xend"
    (tmp_path / "a.bin").unlink()
    assert len(file.head()) == HEAD


def test_the_tail_of_a_small_file_is_in_its_head(tmp_path: Path) -> None:
    file = file_with(tmp_path / "a.bin", b"0123456789")
    assert file.head() == b"0123456789"
    (tmp_path / "a.bin").unlink()
    assert file.tail(3) == b"789"


def test_the_signature_changes_with_the_file(tmp_path: Path) -> None:
    first = file_with(tmp_path / "a.bin", b"1").signature
    assert file_with(tmp_path / "a.bin", b"22").signature != first


@pytest.mark.parametrize(
    ("shape", "real", "expected"),
    [
        ((3, 2), True, True),
        ((3, 2), False, False),
        ((3, 0), True, False),
        ((0, 2), True, False),
        ((3,), True, False),
        ((3, 2, 1), True, False),
        ((), True, False),
    ],
)
def test_embeddings_are_matrices(shape: tuple[int, ...], real: bool, expected: bool) -> None:
    assert Tensor("k", "n", shape, "float32", real=real).is_matrix is expected


def test_a_renamed_tensor_keeps_its_old_name() -> None:
    tensor = Tensor("k", "a", (3, 2), "float32").renamed("b").renamed("b").renamed("c")
    assert tensor.name == "c"
    assert tensor.aliases == ("a", "b")
    assert tensor.key == "k"


def test_messages_have_their_place_in_front() -> None:
    assert located_message(LoadError("a", "is bad.", place="line 3")) == "line 3: is bad."
    assert located_message(LoadError("a", "is bad.")) == "is bad."


def test_unexpected_errors_say_what_happened() -> None:
    error = unexpected_error(Path("a.npy"), KeyError("x" * 500))
    assert error.message.startswith("cannot be read because of an unexpected error (KeyError: 'xxx")
    assert len(error.message) < 300
    assert "does not fit in memory" in unexpected_error(Path("a.npy"), MemoryError()).message


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("malformed node on line 1: <ast.Name object at 0x7fab12>", "malformed node on line 1"),
        ("no <_io.BufferedReader object at 0xAB> here", "no here"),
        ("one\ntwo", "one"),
        ("", "KeyError"),
        ("<tag> stays", "<tag> stays"),
    ],
)
def test_what_a_library_says_is_quoted_without_addresses(said: str, expected: str) -> None:
    error = KeyError() if not said else ValueError(said)
    assert reason_of(error) == expected
