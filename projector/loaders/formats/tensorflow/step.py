"""Finds the training step of a TensorFlow V2 checkpoint.

`Saver` writes the global step into the file's name. `CheckpointManager` and `Checkpoint.save`
write a count of saves there; the step is then a scalar that the program saved along.
"""

from __future__ import annotations

from projector.errors import LoadError
from projector.loaders.decoders.protobuf import WireError
from projector.loaders.formats.tensorflow.bundle import Bundle, read_values
from projector.loaders.naming import readable_name

#: Last parts of a scalar's name that mean the step, the most certain first. A variable of the
#: program comes before an optimizer's, which only counts its own updates.
_OWN = (
    "global_step",
    "step",
    "train_step",
    "training_step",
    "steps",
    "iteration",
    "iterations",
    "n",
)
_OPTIMIZERS = ("_iterations", "iter")
_COUNTER = "save_counter"


def training_step(bundle: Bundle, number: int | None) -> int | None:
    """Return the step of a checkpoint whose file name ends in `number`.

    Reads a few scalars at most.
    """
    scalars = {
        readable_name(key.decode("utf-8", "backslashreplace")): key
        for key, entry in bundle.entries.items()
        if entry.shape == () and entry.dtype in ("int32", "int64") and not entry.slices
    }
    counter = scalars.pop(_COUNTER, None)
    if number is not None and (counter is None or _value(bundle, counter) != number):
        return number
    names = [*_called(scalars, _OWN)]
    own = [name for name in scalars if "/" not in name]
    if number is not None and len(own) == 1:
        names += own  # the only number that the program itself saved, whatever its name
    for name in [*names, *_called(scalars, _OPTIMIZERS)]:
        value = _value(bundle, scalars[name])
        if value is not None and value >= 0:
            return value
    return number


def _called(scalars: dict[str, bytes], words: tuple[str, ...]) -> list[str]:
    """Return the names whose last part is one of `words`, in their order, outer ones first."""
    outer_first = sorted(scalars, key=lambda name: (name.count("/"), name))
    return [name for word in words for name in outer_first if name.rpartition("/")[2] == word]


def _value(bundle: Bundle, key: bytes) -> int | None:
    try:
        entry = bundle.entries[key]
        bundle.check(key, entry)
        return int(read_values(bundle, key, entry)[()])
    except (LoadError, WireError):
        return None  # the tensor itself is reported when it is listed
