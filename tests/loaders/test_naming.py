"""Names: steps, tags, roles, and the order people expect."""

from __future__ import annotations

import pytest

from projector.loaders.naming import (
    comparable_name,
    is_moment,
    is_parameter,
    natural_key,
    readable_name,
    role_of,
    split_torch_tag,
    step_of_checkpoint,
    torch_folder,
)

SUFFIX = "/.ATTRIBUTES/VARIABLE_VALUE"


@pytest.mark.parametrize(
    ("prefix", "expected"), [("model.ckpt-75", 75), ("best", None), ("-3", None), ("a-b", None)]
)
def test_the_step_of_a_checkpoint(prefix: str, expected: int | None) -> None:
    assert step_of_checkpoint(prefix) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tag:00010", ("tag", 10)),
        ("a:b:00010", ("a:b", 10)),
        ("emb:0", ("emb:0", None)),
        (":00010", (":00010", None)),
        ("plain", ("plain", None)),
    ],
)
def test_torch_tags_are_split(name: str, expected: tuple[str, int | None]) -> None:
    assert split_torch_tag(name) == expected


def test_only_the_escapes_of_add_embedding_are_undone() -> None:
    assert torch_folder("enc%2flayer %5C%25 %41") == "enc/layer \\% %41"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (f"layer.S1..x{SUFFIX}", "layer/1.x"),
        ("layer.S1", "layer.S1"),
        (f"a{SUFFIX}/more", f"a{SUFFIX}/more"),
    ],
)
def test_names_of_checkpoints_become_readable(name: str, expected: str) -> None:
    assert readable_name(name) == expected


def test_names_of_both_tensorflows_compare_equal() -> None:
    assert comparable_name("emb:0") == comparable_name(f"emb{SUFFIX}") == "emb"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("word_embeddings/weight", "embedding"),
        ("wte.weight", "embedding"),
        ("user", "embedding"),
        ("embargo", "weight"),
        ("dense/kernel", "weight"),
        ("member.weight", "weight"),
        ("opt.state/emb", "slot"),
        ("optimizer.state.0.exp_avg", "slot"),
        ("emb/.OPTIMIZER_SLOT/adam/m", "slot"),
        ("_variables/3", "slot"),
        ("state.12.exp_avg_sq", "slot"),
        ("optimizer_states.0.state.4.step", "slot"),
        ("fc.momentum_buffer", "slot"),
        ("state.lookup", "embedding"),
    ],
)
def test_roles_by_name(name: str, expected: str) -> None:
    assert role_of(name, (4, 2)) == expected


def test_a_name_below_another_variable_is_a_slot() -> None:
    assert role_of("emb/Adam", (4, 2), {"emb", "emb/Adam"}) == "slot"
    assert role_of("emb/Adam", (4, 2), {"emb/Adam"}) == "embedding"


def test_names_are_sorted_naturally() -> None:
    names = ["ckpt-10", "Ckpt-9", "ckpt-9b", "b", "a10", "a2", "a", ""]
    assert sorted(names, key=natural_key) == [
        "", "a", "a2", "a10", "b", "Ckpt-9", "ckpt-9b", "ckpt-10",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fc.bias", True),
        ("block/0/norm/scale", True),
        ("lstm.weight_ih_l0", True),
        ("bn.running_var", True),
        ("dense/bias:0", True),
        ("fc1/w", True),
        ("b", False),
        ("emb/vars/0", True),
        ("P12345", False),
        ("biased", False),
        ("mean_representations.33", False),
        ("network/kernels/3", True),
        ("network.biases.2", True),
        ("kernels/3d_shapes", False),
    ],
)
def test_parameters_are_recognized_by_their_last_word(name: str, expected: bool) -> None:
    assert is_parameter(name) == expected


def test_what_torch_optimizers_keep_is_a_moment() -> None:
    assert is_moment("state.0.exp_avg")
    assert is_moment("optimizer.max_exp_avg_sq")
    assert not is_moment("emb/Adam"), "slots of TensorFlow have the rows of their variable"
    assert not is_moment("statement.0")
