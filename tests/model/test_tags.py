"""Tags over metadata: what is tagged is shown, what is not stays to the byte."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projector.model.metadata import Metadata
from projector.model.tags import Tags
from projector.model.text import PackedText

TEXTS = st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8))


@given(TEXTS, st.data())
def test_replaced_texts_stand_where_the_old_ones_did(
    texts: list[str | None], data: st.DataObject
) -> None:
    rows = data.draw(st.sets(st.sampled_from(range(len(texts))))) if texts else set()
    new = {row: data.draw(st.text(st.characters(exclude_categories=["Cs"]))) for row in rows}
    packed = PackedText.pack(texts).replaced(sorted(new), [new[row] for row in sorted(new)])
    assert packed.to_list() == [new.get(row, text) for row, text in enumerate(texts)]


def test_a_text_among_numbers_makes_categories_and_the_source_keeps_its_numbers() -> None:
    metadata = Metadata.from_mapping({"n": ["007", "8", None], "other": ["a", "b", "c"]})
    edited = Tags("t", 3, {"n": {1: "eight"}, "own": {0: "x"}}).over(metadata)
    assert edited.names == ("n", "other", "own")
    assert edited["n"].text.to_list() == ["007", "eight", None]
    assert edited["n"].kind == "categorical"
    assert edited["n"].source is metadata["n"]
    assert edited["other"] is metadata["other"]
    numbers = Tags("t", 3, {"m": {0: "1.5", 2: "-2"}}).over(Metadata(()))["m"]
    assert numbers.kind == "numeric"
    assert numbers.numbers is not None
    assert numbers.numbers[[0, 2]].tolist() == [1.5, -2.0]


def test_of_two_columns_of_one_name_the_first_is_edited() -> None:
    twice = Metadata.from_mapping({"a": ["1", "2"]})
    both = Metadata((*twice.columns, *twice.columns))
    edited = Tags("t", 2, {"a": {0: "9"}}).over(both)
    assert [column.text[0] for column in edited.columns] == ["9", "1"]


def test_a_column_without_tags_is_there_and_empty() -> None:
    edited = Tags("t", 2, {"own": {}, "a": {}}).over(Metadata.from_mapping({"a": ["1", "2"]}))
    assert edited["own"].n_missing == 2
    assert edited["own"].categories()[1] == []
    assert edited["a"].tagged is None
