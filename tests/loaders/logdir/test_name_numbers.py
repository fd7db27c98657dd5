"""The numbers in names: which may be steps, and which never are."""

from __future__ import annotations

import pytest

from projector.loaders.logdir.name_numbers import STEPS, named_step, numbered

LONG = "9" * 30


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("emb_step_100", ("emb", 100)),
        ("emb-step100", ("emb", 100)),
        ("epoch_3", ("epoch", 3)),
        ("epoch=3", ("epoch", 3)),
        ("model.ckpt-75", ("model", 75)),
        ("checkpoint-500", ("checkpoint", 500)),
        ("e.Epoch 7", ("e", 7)),
        ("epoch_3-loss", ("loss", 3)),
        ("vae-epoch=4-step=900", ("vae", 900)),
        ("best-epoch=12-val_acc=0.93", ("best", 12)),
        ("7epochs", ("epochs", 7)),
        ("net_12_epochs", ("net", 12)),
        ("ckpt_2_8000", ("ckpt", 8000)),
        ("train_iter_0040000", ("train", 40000)),
        ("gpt_step_50k", ("gpt", 50000)),
        ("ep007-loss3.120-val_loss4.005", ("ep", 7)),
    ],
)
def test_a_name_may_say_its_step(name: str, expected: tuple[str, int]) -> None:
    found = numbered(name)
    step = named_step(found)
    assert step is not None
    dropped = frozenset(each.at for each in found.numbers if each.meaning in STEPS)
    assert (found.without(dropped), step.value) == expected


@pytest.mark.parametrize(
    "name",
    [
        "vectors_2024",
        "glove.6B.50d",
        "footstep3",
        "model-step3-of-7",
        "model_000300",
        "net_7",
        "",
        "2024",
        f"x_{LONG}",
    ],
)
def test_other_names_say_none(name: str) -> None:
    assert named_step(numbered(name)) is None


@pytest.mark.parametrize(
    "name",
    [
        "model_seed7",
        "fold-3",
        "mp_rank_02",
        "run12",
        "trial_4",
        "v2",
        "emb_v1.2.3",
        "glove.42B.300d",
        "tsne_perplexity_40",
        "resnet-50",
        "mlp-relu-16".replace("16", "d16"),
        "word2vec",
        "item7",
        "lr0.01",
        "ema_0.999",
        "emb_2024-02-29",
        "emb_20240229_120000",
        "run-1a2b3c4d5e",
        "layer_11",
        "1e-05_lr",
        "100M",
    ],
)
def test_settings_sizes_and_versions_are_parts_of_the_name(name: str) -> None:
    assert not [n for n in numbered(name).numbers if n.meaning in STEPS]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("weights.07-0.413", "weights.#-~"),
        ("weights.07.0.41", "weights.#.~"),
        ("G_4000", "G_#"),
        ("0000300", "#"),
        ("opt010000", "opt#"),
        ("30_net_D", "#_net_D"),
        ("best-epoch=3-f1=0.8-v2", "best-epoch=#-f1=~-v2"),
        ("ema_0.9999_020000", "ema_0.9999_#"),
        ("step100-acc_91", "step#-acc_~"),
    ],
)
def test_what_varies_between_siblings_is_marked(name: str, pattern: str) -> None:
    assert numbered(name).pattern(STEPS) == pattern


@pytest.mark.parametrize(
    ("name", "values"),
    [("data-00002-of-00011", [2]), ("part-00007-c0ffee12", [7]), ("shard_3", [3]), ("chunk9", [9])],
)
def test_parts_are_recognized(name: str, values: list[int]) -> None:
    assert [n.value for n in numbered(name).numbers if n.meaning == "part"] == values


def test_the_pieces_of_a_name_are_the_name() -> None:
    for name in ("a-1.5_b07", "é_3", "10", "x..y", "epoch=0-step=1.ckpt"):
        assert "".join(numbered(name).tokens) == name
