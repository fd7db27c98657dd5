"""What is made of a dataset is made once, and anew from something else."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from projector.api.session.dataset_cache import Opened
from projector.api.session.derived_datasets import DerivedDatasets
from projector.api.session.in_memory import entry_of
from projector.model.dataset import Dataset


def opened(name: str) -> Opened:
    data = Dataset(np.zeros((3, 2)), name=name)
    return Opened(name, entry_of(data, "memory"), data)


def test_it_is_made_once_for_each_dataset_and_source() -> None:
    derived, first, second = DerivedDatasets(2), opened("a"), opened("b")
    source, other = object(), object()
    made: list[str] = []

    def make(dataset: Opened) -> Opened:
        made.append(dataset.id)
        return replace(dataset)

    one = derived.get(first, source, lambda: make(first))
    assert derived.get(first, source, lambda: make(first)) is one
    assert derived.get(second, source, lambda: make(second)) is not one
    assert made == ["a", "b"]
    assert derived.get(first, other, lambda: make(first)) is not one
    assert made == ["a", "b", "a"]


def test_the_oldest_are_forgotten() -> None:
    derived, source = DerivedDatasets(2), object()
    datasets = [opened(name) for name in "abc"]
    made = [derived.get(each, source, partial(replace, each)) for each in datasets]
    assert derived.get(datasets[2], source, lambda: datasets[0]) is made[2]
    assert derived.get(datasets[0], source, lambda: datasets[0]) is datasets[0]
