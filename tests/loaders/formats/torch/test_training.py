"""What a training saves beside its tensors: the step, and lists that may be labels."""

from __future__ import annotations

from typing import Any

import pytest

from projector.loaders.formats.torch.training import moment_of, values_of


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ({"global_step": 40, "epoch": 2}, (40, 2)),
        ({"iteration": 499, "model": {}}, (499, None)),
        ({"epoch": 7}, (None, 7)),
        ({"step": 5, "global_step": 6}, (6, None)),
        ({"global_step": -1, "epoch": True}, (None, None)),
        ({"epoch": 10**30}, (None, None)),
        ([1, 2, 3], (None, None)),
        (None, (None, None)),
    ],
)
def test_the_step_and_the_epoch_are_read(value: Any, moment: tuple[int | None, int | None]) -> None:
    assert moment_of(value) == moment


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("paths", ["a", "b", "c"], ["a", "b", "c"]),
        ("labels", [2, 0, 1], [2, 0, 1]),
        ("stoi", {"a": 1, "b": 0, "c": 3}, ["b", "a", None, "c"]),
        ("hparams.sizes", [64, 32, 16], None),
        ("optimizer.param_groups.0.params", [0, 1, 2], None),
        ("betas", [0.9, 0.99], None),
        ("counts", {"a": 100, "b": 7, "c": 9}, None),
        ("mixed", ["a", ["b"], "c"], None),
        ("word", "abc", None),
    ],
)
def test_lists_that_may_be_labels_are_kept(name: str, value: Any, taken: list[Any] | None) -> None:
    found = values_of(name, value)
    assert (None if found is None else found.take().tolist()) == taken


def test_a_list_is_a_tensor_without_numbers() -> None:
    found = values_of("", ["x", "y", "z"])
    assert found is not None
    tensor = found.tensor("", "names")
    assert (tensor.name, tensor.shape, tensor.real, tensor.whole) == ("names", (3,), False, True)
