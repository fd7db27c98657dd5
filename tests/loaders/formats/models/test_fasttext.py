"""fastText's binary models, as fastText itself reads them."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.models import fasttext_file
from projector.loaders.formats.models.fasttext import FastText
from projector.loaders.formats.models.fasttext_file import entries
from tests.loaders.formats.fixture_files import FILES, columns, fixture_file, listed, loaded
from tests.loaders.writers import file_with

TRUTH = np.load(FILES.parent / "fasttext.npz")
NAMES = ["skipgram", "plain", "classifier"]


@pytest.mark.parametrize("name", NAMES)
def test_words_are_those_of_fasttext(name: str) -> None:
    data = loaded(fixture_file(f"models/{name}.bin"), "words")
    np.testing.assert_array_equal(data.values, TRUTH[f"{name}.vectors"])
    assert columns(data)["word"] == TRUTH[f"{name}.words"].tolist()
    assert all(int(count or 0) > 0 for count in columns(data)["count"])


def test_parts_of_words_are_told_where_there_are_any() -> None:
    warnings = {
        name: loaded(fixture_file(f"models/{name}.bin"), "words").warnings for name in NAMES
    }
    assert warnings["plain"] == warnings["classifier"] == ()
    assert "parts, of 3 to 6 letters" in warnings["skipgram"][0]
    assert "fasttext print-word-vectors skipgram.bin < words.txt" in warnings["skipgram"][0]


def test_a_classifier_has_a_vector_for_each_label() -> None:
    file = fixture_file("models/classifier.bin")
    data = loaded(file, "labels")
    np.testing.assert_array_equal(data.values, TRUTH["classifier.output"])
    assert columns(data)["label"] == TRUTH["classifier.labels"].tolist()
    roles = {each.name: each.role for each in listed(file).tensors}
    assert roles == {"words": "embedding", "labels": "embedding"}


def test_what_a_model_of_words_predicts_is_a_weight() -> None:
    file = fixture_file("models/skipgram.bin")
    np.testing.assert_array_equal(loaded(file, "output").values, TRUTH["skipgram.output"])
    assert {each.name: each.role for each in listed(file).tensors}["output"] == "weight"


def test_words_are_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = b"".join(b"%d\0" % n + struct.pack("<qb", n, n % 2) for n in range(500))
    monkeypatch.setattr(fasttext_file, "_PIECE", 64)
    found = list(entries(b"head" + raw, 4, 500))
    assert [(word, count, label) for word, count, label, _ in found] == [
        (b"%d" % n, n, n % 2 == 1) for n in range(500)
    ]
    assert found[-1][3] == 4 + len(raw)


RAW = (FILES / "models" / "skipgram.bin").read_bytes()
N_WORDS = len(TRUTH["skipgram.words"])
WORDS_AT = 4 + 4 + 12 * 4 + 8 + 3 * 4 + 2 * 8


def matrix_at() -> int:
    """Return where the flag before the first matrix is."""
    *_, last = entries(RAW, WORDS_AT, N_WORDS + _n_labels())
    return last[3]


def _n_labels() -> int:
    return int(struct.unpack_from("<i", RAW, WORDS_AT - 20)[0])


def harmed(at: int, value: bytes) -> bytes:
    return RAW[:at] + value + RAW[at + len(value) :]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (harmed(4, b"\x07"), "has the version 7, expected 12"),
        (harmed(WORDS_AT - 28, b"\xff" * 4), "has .* words and .* labels"),
        (harmed(WORDS_AT - 28, struct.pack("<iii", 1 << 30, 1 << 30, 0)), "claims 1,073,741,824"),
        (harmed(matrix_at(), b"\1"), "is quantized. Save its vectors as text"),
        (harmed(matrix_at() + 1, struct.pack("<q", -1)), "has a matrix of -1"),
        (harmed(matrix_at() + 1, struct.pack("<q", 1 << 50)), "is a truncated fastText model"),
        (harmed(matrix_at() + 1, struct.pack("<q", 2)), "has 2 vectors of 5 numbers"),
        (RAW[: WORDS_AT + 30], "claims|truncated"),
        (RAW[:20], "is a truncated fastText model"),
    ],
)
def test_damaged_models_say_so(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        FastText().list(file_with(tmp_path / "bad.bin", content))


def test_a_model_without_its_last_matrix_shows_its_words(tmp_path: Path) -> None:
    found = FastText().list(file_with(tmp_path / "cut.bin", RAW[:-8]))
    assert [each.name for each in found.tensors] == ["words"]
    assert "without its last matrix" in found.problems[0].message
