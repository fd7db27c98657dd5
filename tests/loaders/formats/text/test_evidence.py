"""Texts of numbers that are no vectors: logs, metrics, boxes, labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.loaders.formats.text.evidence import is_doubtful, is_metadata_name, may_be_vectors
from projector.loaders.formats.text.layout import layout_of
from tests.loaders.writers import file_at, write

RNG = np.random.default_rng(4)


def rows(values: np.ndarray, separator: str = " ", first: str = "") -> str:
    return "".join(
        first.format(i) + separator.join(f"{value:.3f}" for value in row) + "\n"
        for i, row in enumerate(values.tolist())
    )


VECTORS = RNG.normal(size=(9, 6))
BOXES = "".join(f"{i} {' '.join(f'{v:.4f}' for v in RNG.random(4))}\n" for i in (3, 11, 0))
METRIC = "".join(f"{1_690_000_000_000 + 60 * i} {1 / (i + 2):.5f} {i}\n" for i in range(6))


def vectors(tmp_path: Path, name: str, content: str) -> bool:
    file = file_at(write(tmp_path / name, content), tmp_path.resolve())
    return may_be_vectors(file, layout_of(file))


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("features.dat", rows(VECTORS), True),
        ("entities.embedding", rows(VECTORS, "\t"), True),
        ("glove.50d", rows(VECTORS, first="w{} "), True),
        ("vectors", rows(VECTORS), True),
        ("labels.txt", rows(VECTORS), False),
        ("words.txt", rows(VECTORS, first="w{} "), True),
        ("vocab.txt", "9 6\n" + rows(VECTORS, first="w{} "), True),
        ("metadata.tsv", rows(VECTORS, "\t", first="w{}\t"), False),
        ("classes.txt", rows(VECTORS[:, :2], first="w{} "), False),
        ("label_embeddings.txt", rows(VECTORS), True),
        ("embedding_labels.txt", rows(VECTORS), False),
        ("labels/im01.txt", BOXES, False),
        ("predictions/im01.txt", BOXES, False),
        ("labels/val/im01.txt", rows(VECTORS), False),
        ("label_2/im01.txt", rows(VECTORS, first="car{} "), False),
        ("run/metrics/loss", METRIC, False),
        ("run/metrics/f1", rows(VECTORS[:, :2]), False),
        ("course", rows(np.cumsum(np.abs(VECTORS), axis=0)[:, :5]), False),
    ],
)
def test_names_folders_and_content_decide(
    tmp_path: Path, name: str, content: str, expected: bool
) -> None:
    assert vectors(tmp_path, name, content) is expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", rows(VECTORS), False),
        ("train_log.txt", rows(VECTORS), True),
        ("a.txt", rows(VECTORS[:, :3], first="{} "), True),
        ("a.txt", rows(np.tile(VECTORS, 4), first="{} "), False),
        ("loss_vectors.tsv", rows(VECTORS), False),
        ("results.tsv", rows(np.tile(VECTORS, 9), "\t"), False),
    ],
)
def test_the_course_of_a_training_is_doubtful(
    tmp_path: Path, name: str, content: str, expected: bool
) -> None:
    file = file_at(write(tmp_path / name, content))
    layout = layout_of(file)
    assert layout is not None
    assert is_doubtful(file, layout) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("metadata.tsv", True),
        ("words.txt", True),
        ("word_vectors.txt", False),
        ("emb.tsv", False),
        ("tensor_names.tsv", True),
        ("vocab_emb.tsv", False),
    ],
)
def test_the_last_word_of_a_name_decides(name: str, expected: bool) -> None:
    assert is_metadata_name(name) is expected
