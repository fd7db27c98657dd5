"""Which training step a TensorFlow checkpoint was saved at.

`Saver` writes the global step into the file's name. `CheckpointManager` and `Checkpoint.save`
write how often they have saved; the step is then whatever scalar the program saved along.
"""

from __future__ import annotations

from projector.errors import LoadError
from projector.loaders.naming import plain
from projector.loaders.tf_bundle import Bundle, read_values
from projector.loaders.wire import WireError

#: Last parts of a scalar's name that mean the step, the surest first. A variable of the
#: program's own beats an optimizer's, which counts its own updates only.
_STEPS = (
    "global_step",
    "step",
    "train_step",
    "training_step",
    "steps",
    "iteration",
    "iterations",
    "iter",
    "n",
    "_iterations",
)


def training_step(bundle: Bundle, number: int | None) -> int | None:
    """Return the step of a checkpoint whose file name ends in `number`.

    Reads at most three scalars.
    """
    scalars = {
        plain(key.decode("utf-8", "backslashreplace")): key
        for key, entry in bundle.entries.items()
        if entry.shape == () and entry.dtype in ("int32", "int64") and not entry.slices
    }
    if number is not None:
        counter = scalars.get("save_counter")
        if counter is None or _value(bundle, counter) != number:
            return number
    for word in _STEPS:
        for name, key in sorted(scalars.items(), key=lambda item: item[0].count("/")):
            if name.rpartition("/")[2] == word:
                value = _value(bundle, key)
                if value is not None and value >= 0:
                    return value
    return number


def _value(bundle: Bundle, key: bytes) -> int | None:
    try:
        entry = bundle.entries[key]
        bundle.check(key, entry)
        return int(read_values(bundle, key, entry)[()])
    except (LoadError, WireError):
        return None  # the tensor itself is told of when it is listed
