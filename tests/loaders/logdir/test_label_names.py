"""What names say about which labels and embeddings belong together."""

from __future__ import annotations

import pytest

from projector.loaders.logdir.label_names import (
    is_auxiliary,
    is_output,
    label_name,
    token_likeness,
)


@pytest.mark.parametrize(
    ("name", "kinds", "words"),
    [
        ("labels", {"label"}, set()),
        ("y_train", {"label"}, {"train"}),
        ("meta-val", {"metadata"}, {"val"}),
        ("entity_names_user_0", {"name"}, {"entity", "user", "0"}),
        ("embeddings_user_0.v3", set(), {"user", "0", "v", "3"}),
        ("fileNames2", {"path", "name"}, {"2"}),
        ("classes", {"label"}, set()),
        ("X_test", set(), {"test"}),
        ("cityIndices", {"id"}, {"city"}),
        ("captions.en", {"text"}, {"en"}),
    ],
)
def test_names_are_taken_apart(name: str, kinds: set[str], words: set[str]) -> None:
    found = label_name(name)
    assert (set(found.kinds), set(found.words)) == (kinds, words)
    assert found.words <= found.all_words


def test_splits_and_numbers_tell_rivals_apart() -> None:
    assert label_name("labels_test_2").is_split_only
    assert not label_name("labels_fine").is_split_only


@pytest.mark.parametrize(
    ("name", "likeness"),
    [
        ("transformer.wte.weight", 2),
        ("bert.embeddings.word_embeddings.weight", 2),
        ("model.embed_tokens.weight", 2),
        ("tok_embeddings.weight", 2),
        ("item_emb.weight", 1),
        ("transformer.wpe.weight", 0),
        ("embeddings.position_embeddings.weight", 0),
        ("embeddings.token_type_embeddings.weight", 0),
        ("time_embedding.linear.weight", 0),
    ],
)
def test_tokens_are_told_from_positions(name: str, likeness: int) -> None:
    assert token_likeness(name) == likeness
    assert is_auxiliary(name) == (likeness == 0)


def test_output_layers_have_tokens_too() -> None:
    assert is_output("lm_head.weight")
    assert is_output("cls.predictions.decoder.weight")
    assert not is_output("decoder.layers.0.fc.weight")
