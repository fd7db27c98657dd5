"""Clusters are named from the data: planted words first, categories, central points, numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from projector.api.clusters import names as naming
from projector.api.clusters.names import name_clusters, naming_columns
from projector.api.clusters.result import ClusterName
from projector.api.table.words import Words, words_of
from projector.errors import UnknownNameError
from projector.model.dataset import Dataset
from projector.model.text import PackedText

N = 300
LABELS: NDArray[np.int32] = np.repeat(np.arange(-1, 2), 100).astype(np.int32)
CENTRAL = np.array([[110, 111, 112], [250, 251, -1]], np.int32)


def data_of(**columns: Sequence[str | int | None]) -> Dataset:
    return Dataset(np.zeros((N, 2)), metadata=columns)


def named(data: Dataset, text: str | None = None) -> tuple[ClusterName, ...]:
    return name_clusters(LABELS, CENTRAL, naming_columns(data, text))


def prose(own: dict[int, str], rng: np.random.Generator, usual: list[str]) -> list[str | None]:
    texts: list[str | None] = []
    for row, label in enumerate(LABELS.tolist()):
        some = rng.choice(usual, 6).tolist()
        texts.append(" ".join([*some, own.get(label, "nothing"), f"w{row}"]))
    return texts


@pytest.mark.parametrize(
    ("own", "usual", "expected"),
    [
        (
            {0: "goal match", 1: "bank loan"},
            ["the", "of", "and", "to", "a", "in"],
            ("goal", "bank"),
        ),
        ({0: "λόγος", 1: "θάλασσα"}, ["και", "το", "να"], ("λόγος", "θάλασσα")),
        ({0: "हिन्दी", 1: "खेल"}, ["का", "है", "में"], ("हिन्दी", "खेल")),
        ({0: "サッカー", 1: "銀行"}, ["です", "ます", "から"], ("カー", "銀行")),
        ({0: "مدرسة", 1: "سوق"}, ["من", "في", "على"], ("مدرسة", "سوق")),
    ],
)
def test_planted_words_come_first(
    own: dict[int, str], usual: list[str], expected: tuple[str, str]
) -> None:
    texts = prose(own, np.random.default_rng(0), usual)
    names = named(data_of(text=texts))
    for name, word in zip(names, expected, strict=True):
        assert name.by == "words"
        assert word in [each.text for each in name.words[:3]]
        assert word in name.text
        assert name.words[0].share == 1.0
        assert not {each.text for each in name.words} & set(usual)


def test_a_category_that_it_mostly_holds_names_a_cluster() -> None:
    kinds = ["rest"] * 100 + ["cat"] * 80 + ["dog"] * 20 + ["dog"] * 100
    first, second = named(data_of(kind=list(kinds)))
    assert (first.text, first.by) == ("cat", "category")
    assert first.categories[0].share == 0.8
    assert first.categories[0].lift == pytest.approx((80.5 / 101) / (0.5 / 201))
    assert second.text == "dog"


def test_a_category_that_is_as_frequent_elsewhere_names_nothing() -> None:
    first, second = named(data_of(kind=["same"] * 299 + ["other"]))
    assert (first.by, second.by) == ("central", "central") or first.by == "number"


def test_words_that_are_all_different_leave_it_to_the_central_points() -> None:
    first, second = named(data_of(word=[f"word{row}" for row in range(N)]))
    assert first.text == "word110, word111, word112"
    assert second.text == "word250, word251"
    assert (first.by, first.size, first.central) == ("central", 100, (110, 111, 112))


def test_texts_are_read_once_for_all_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(text: PackedText, rows: NDArray[np.int64]) -> Words:
        read.append(len(rows))
        return words_of(text, rows=rows)

    monkeypatch.setattr(naming, "words_of", counted)
    columns = naming_columns(data_of(text=prose({}, np.random.default_rng(0), ["the", "of"])), None)
    for _ in range(3):
        name_clusters(LABELS, CENTRAL, columns)
    assert read == [N]


def test_sentences_are_no_names() -> None:
    rng = np.random.default_rng(0)
    words = [f"w{at}" for at in range(400)]
    texts = [" ".join(rng.choice(words, 9)) for _ in range(N)]
    for name in named(data_of(text=texts)):
        assert name.by in ("words", "number")
        assert len(name.text.split()) <= 3


def test_without_columns_there_are_numbers() -> None:
    names = named(Dataset(np.zeros((N, 2))))
    assert [name.text for name in names] == ["cluster 1", "cluster 2"]


def test_no_two_names_are_alike() -> None:
    kinds = ["rest"] * 100 + ["cat"] * 200
    names = named(data_of(kind=list(kinds), word=[f"word{row}" for row in range(N)]))
    assert len({name.text for name in names}) == 2
    alone = named(data_of(kind=list(kinds)))
    assert len({name.text for name in alone}) == 2


def test_a_part_is_named_by_what_its_whole_is_not() -> None:
    rng = np.random.default_rng(0)
    texts = prose({0: "sport goal keeper", 1: "sport racket net"}, rng, ["the", "of", "and"])
    data = data_of(text=texts)
    whole = np.where(LABELS >= 0, 0, -1).astype(np.int32)
    columns = naming_columns(data, None)
    above = name_clusters(whole, CENTRAL[:1], columns)
    assert "sport" in above[0].text
    parts = name_clusters(LABELS, CENTRAL, columns, above=above, parents=np.zeros(2, np.int32))
    assert not any("sport" in part.text for part in parts)


def test_what_is_the_same_one_level_up_keeps_its_name() -> None:
    rng = np.random.default_rng(0)
    own = {0: "goal match striker keeper", 1: "bank loan interest tax"}
    columns = naming_columns(data_of(text=prose(own, rng, ["the", "of", "and", "to"])), None)
    above = name_clusters(LABELS, CENTRAL, columns)
    # The first cluster is divided, the second is not.
    labels = LABELS.copy()
    labels[150:200] = 2
    central = np.array([[110, -1], [250, -1], [160, -1]], np.int32)
    parents = np.array([0, 1, 0], np.int32)
    below = name_clusters(labels, central, columns, above=above, parents=parents)
    assert below[1] == above[1]
    assert len({name.text for name in below}) == 3


def test_a_named_column_is_read_and_an_unknown_one_is_said() -> None:
    texts = prose({0: "goal", 1: "bank"}, np.random.default_rng(0), ["the"])
    data = data_of(text=texts, title=[f"t{row} same" for row in range(N)])
    assert named(data, "title")[0].by != "words"
    assert {word.column for word in named(data, "text")[0].words} == {"text"}
    with pytest.raises(UnknownNameError, match="review"):
        named(data, "review")


def test_missing_texts_and_numbers_do_no_harm() -> None:
    texts: list[str | None] = [None] * N
    texts[150] = "alone"
    names = named(data_of(text=texts, price=list(range(N))))
    assert [name.size for name in names] == [100, 100]
