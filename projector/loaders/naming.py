"""Parses names of files, folders and tensors: steps, roles, and keys for natural sorting."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from urllib.parse import unquote

from projector.model.listing import Role
from projector.model.training_log import INDEX as LOG_INDEX
from projector.model.training_log import is_index

_DIGITS = re.compile(r"(\d+)")
#: ``model.ckpt-75``, ``ckpt-5``, ``keras_embedding.ckpt-0``: what TensorFlow appends.
_TF_STEP = re.compile(r"^(?P<stem>.+?)-(?P<step>\d{1,18})$")
_TORCH_STEP = re.compile(r"^\d{5,18}$")
_SUFFIX = "/.ATTRIBUTES/VARIABLE_VALUE"
_OPTIMIZER = re.compile(
    r"(^|[/.])(_?opt(im|imizer|imizers)?|optimizer_(weights|states?|state_dict)|opt_state)[/.]",
    re.I,
)
#: Last parts of the names of a model's parameters and of what an optimizer keeps for each.
_PARAMETER = re.compile(
    r"((^|[._/])(weight|bias|gamma|beta|kernel|running_(mean|var)|moving_(mean|variance)|"
    r"num_batches_tracked|scale|(weight|bias)_([gv]|(ih|hh)_l\d+(_reverse)?)|vars/\d+|"
    r"(weights|biases|kernels)[._/]\d+)|[._/][wb])(:\d+)?$",
    re.IGNORECASE,
)
#: What optimizers keep for each parameter, by its own name or by the parameter's number.
_MOMENT = re.compile(
    r"(^|[._/])((max_)?exp_(avg|inf)(_sq(_row|_col)?)?|momentum_buffer|square_avg|grad_avg|"
    r"acc_delta|state[._/]\d+[._/][^._/]+)$",
    re.IGNORECASE,
)
_KERAS_VARIABLES = re.compile(r"(^|/)_variables/\d+$")
_EMBEDDING = re.compile(
    r"emb(ed|edding|eddings|s)?(?![a-z])|embed|word|token|tok(?![a-z])|vocab|lookup|wte|wpe|vector|"
    r"vecs?(?![a-z])|codes?(?![a-z])|latent|glove|item|user|table",
    re.IGNORECASE,
)


@lru_cache(maxsize=1 << 16)
def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key by which ``ckpt-9`` comes before ``ckpt-10``."""
    return tuple(
        (0, int(part), part) if part.isdecimal() and part.isascii() else (1, 0, part.casefold())
        for part in _DIGITS.split(text)
        if part
    )


def step_of_checkpoint(prefix: str) -> int | None:
    """Return the step that TensorFlow appended to a checkpoint's name."""
    match = _TF_STEP.match(prefix)
    return int(match["step"]) if match else None


def split_torch_tag(name: str) -> tuple[str, int | None]:
    """Split ``tag:00010`` into ``("tag", 10)``; the step is None if there is none."""
    tag, colon, digits = name.rpartition(":")
    if colon and tag and _TORCH_STEP.match(digits):
        return tag, int(digits)
    return name, None


def torch_folder(name: str) -> str:
    """Return the tag of a folder, without the escapes that ``add_embedding`` writes."""
    return re.sub(r"%(25|2f|5c)", lambda hit: unquote(hit[0]), name, flags=re.IGNORECASE)


def readable_name(name: str) -> str:
    """Return a checkpoint tensor's name without the suffix and escapes of object-based saving.

    In attribute names ``.S`` stands for a slash and ``..`` for a period.
    """
    if not name.endswith(_SUFFIX):
        return name
    return re.sub(r"\.([S.])", lambda hit: "/" if hit[1] == "S" else ".", name[: -len(_SUFFIX)])


def comparable_name(name: str) -> str:
    """Return the form in which names of configs and of checkpoints are compared."""
    return readable_name(name.removesuffix(":0"))


@lru_cache(maxsize=1 << 14)
def is_parameter(name: str) -> bool:
    """Tell whether a tensor is called as the parameters of a model are: ``fc.bias``."""
    return _PARAMETER.search(name) is not None


def is_moment(name: str) -> bool:
    """Tell whether a tensor is what an optimizer of torch keeps: ``state.0.exp_avg``."""
    return _MOMENT.search(name) is not None


def role_of(name: str, shape: tuple[int, ...], known: Collection[str] = ()) -> Role:
    """Tell whether a tensor is an optimizer slot, an embedding by its name, or another weight.

    Parameters
    ----------
    name : str
    shape : tuple of int
    known : collection of str
        All names of the checkpoint. A slot of TensorFlow 1 has the name of its variable plus
        ``/Adam``, and variables are never nested otherwise.
    """
    if ".OPTIMIZER_SLOT" in name or _KERAS_VARIABLES.search(name) or _OPTIMIZER.search(name):
        return "slot"
    if is_moment(name):
        return "slot"
    if "/" in name and name.rpartition("/")[0] in known:
        return "slot"
    last = re.split(r"[/.]", name)
    return "embedding" if any(_EMBEDDING.search(part) for part in last) else "weight"


#: Files that make the folder they are in one thing, all of whose files belong together: a zarr
#: store, an OCDBT database. The index of a `projector.Writer` is one where its folder is named so.
STORE_MARKERS = (".zgroup", ".zarray", "zarr.json", "manifest.ocdbt")


_MARKERS = frozenset(STORE_MARKERS)


def store_marker(names: Collection[str], folder: str) -> str | None:
    """Return which of a folder's files stands for all; None where each is for itself.

    Parameters
    ----------
    names : collection of str
    folder : str
        The name or the path of the folder.
    """
    if LOG_INDEX in names and is_index(LOG_INDEX, folder):
        return LOG_INDEX
    if _MARKERS.isdisjoint(names):
        return None
    return next(marker for marker in STORE_MARKERS if marker in names)


def is_store_marker(name: str, folder: str) -> bool:
    """Tell whether a file stands for all of its folder; see `store_marker`."""
    return name in _MARKERS or is_index(name, folder)


def distinct_names(names: Iterable[str]) -> list[str]:
    """Return names of which no two are equal: the second ``a`` becomes ``a (2)``."""
    used: set[str] = set()
    counts: dict[str, int] = {}
    found = []
    for base in names:
        name = base
        while name in used:
            counts[base] = counts.get(base, 1) + 1
            name = f"{base} ({counts[base]})"
        used.add(name)
        found.append(name)
    return found
