"""What a training saves beside its tensors: its step and epoch, and lists that may be labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from projector.loaders.base import Tensor
from projector.loaders.decoders.pickles.contents import is_list_of_values, is_numbering
from projector.loaders.naming import role_of
from projector.loaders.safe_files import printable
from projector.typing import AnyArray

#: The step and the epoch of a training, where its file has them.
Moment: TypeAlias = tuple[int | None, int | None]

#: What programs call the step, the surest first.
_STEPS = (
    "global_step",
    "step",
    "iteration",
    "iter",
    "num_updates",
    "n_iter",
    "total_steps",
    "total_iterations",
    "steps",
    "it",
)
_EPOCHS = ("epoch", "current_epoch", "epochs")
_LARGEST = 10**15
#: Lists of settings, which are no labels.
_SETTINGS = re.compile(
    r"(^|\.)(param_groups|hparams|hyper_parameters|args|config|cfg|opt|options|lr_schedulers?|"
    r"scheduler|callbacks|loops|optimizers?|rng_states?)(\.|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Values:
    """A list of texts or numbers; that of a numbering is in the order of its numbers."""

    values: Sequence[Any]

    def tensor(self, key: str, stem: str) -> Tensor:
        """Return it as a tensor without numbers of its own; `stem` is that of the file."""
        shape, name = (len(self.values),), printable(key) or stem
        role = role_of(key, shape)
        return Tensor(key, name, shape, "list", real=False, role=role, whole=not key)

    def take(self) -> AnyArray:
        """Return it as an array of texts or numbers."""
        if all(type(each) in (int, float, bool) for each in self.values):
            return np.array(self.values)
        return np.array(self.values, object)


def values_of(name: str, value: Any) -> Values | None:
    """Return a list that may be labels, or None."""
    if _SETTINGS.search(name):
        return None
    if is_list_of_values(value):
        return Values(value)
    if is_numbering(value):
        texts: list[str | None] = [None] * (max(value.values()) + 1)
        for text, row in value.items():
            texts[row] = text
        return Values(texts)
    return None


def moment_of(value: Any) -> Moment:
    """Return the step and the epoch that the outermost dict of a file gives."""
    if not isinstance(value, Mapping):
        return None, None
    return _first(value, _STEPS), _first(value, _EPOCHS)


def _first(value: Mapping[Any, Any], names: Sequence[str]) -> int | None:
    for name in names:
        number = value.get(name)
        if type(number) is int and 0 <= number < _LARGEST:
            return number
    return None
