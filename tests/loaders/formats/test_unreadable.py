"""Files that are recognized, but never read: what they are and what to do instead."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from projector.errors import LoadError
from projector.loaders.base import Tensor
from projector.loaders.formats.unreadable import Recognized
from tests.loaders.writers import file_with


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("v.pkl", pickle.dumps([1]), "is a Python pickle. Pickles can run any code"),
        ("v.anything", pickle.dumps([1], 4), "is a Python pickle"),
        ("v.joblib", b"anything", "is a Python pickle"),
        ("v.kv", pickle.dumps([1]), "is a Gensim pickle.*save_word2vec_format"),
        ("v.npy", b"", "is empty. Save or copy it again"),
        (
            "v.npy",
            b"version https://git-lfs.github.com/spec/v1",
            "is a Git LFS pointer.*git lfs pull",
        ),
    ],
)
def test_files_say_what_they_are(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    file = file_with(tmp_path / name, content)
    assert Recognized().sniff(file)
    with pytest.raises(LoadError, match=message):
        Recognized().list(file)


@pytest.mark.parametrize(("name", "content"), [("v.txt", b""), ("v.bin", b"x"), ("notes", b"text")])
def test_other_files_are_left_to_others(tmp_path: Path, name: str, content: bytes) -> None:
    assert not Recognized().sniff(file_with(tmp_path / name, content))


def test_there_is_nothing_to_load(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="cannot be read"):
        Recognized().load(file_with(tmp_path / "v.pkl", b""), Tensor("", "v", (1, 1), "float32"))
