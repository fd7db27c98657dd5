"""Makes one embedding of parts in folders ``key=value``, as Hive, Spark and others write a table.

Folders of one name are also the runs of a search for settings (``lr=0.1``) or the steps of a
training (``epoch=3``), each with an embedding of its own. Parts are told by what their writers call
the files, ``part-00000``, ``data_0``, a UUID, and by keys that are no setting and no step.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from projector.loaders.base import Tensor
from projector.loaders.logdir.joined import JoinedLoader
from projector.loaders.logdir.part_members import Joined, Member
from projector.loaders.logdir.scanner import Listed
from projector.loaders.logdir.vectors import Collected
from projector.loaders.naming import natural_key
from projector.loaders.partitioned.part_paths import hive_key
from projector.loaders.safe_files import printable

_FORMATS = frozenset({"parquet", "arrow"})
#: What programs call the files of a table: Spark, Dask, DuckDB, polars, pyarrow, Hugging Face.
_WRITTEN = re.compile(
    r"(?:(?:part|data|chunk|shard|file|batch)[-_.]?)?\d+(?:[-_]\d+)?"
    r"|part-\d{5}-.+"
    r"|(?:.*-)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?:[-_]\d+)?"
    r"|.*-\d+-of-\d+",
    re.IGNORECASE,
)
#: Keys of runs and of steps: what is below them are other embeddings of the same points.
_APART = re.compile(
    r"(?:.*_)?(?:step|iter|iteration|epoch|ckpt|checkpoint|seed|fold|split_seed|run|exp|experiment|"
    r"trial|version|model|layer|head|lr|learning_rate|wd|weight_decay|dropout|temperature|tau|"
    r"alpha|beta|gamma|momentum|bs|batch_size|hidden|dim|dims|n_dims|perplexity|n_neighbors|k)s?",
    re.IGNORECASE,
)

_Keys: TypeAlias = tuple[tuple[str, str | None], ...]
_Group: TypeAlias = tuple[str, tuple[str, ...], str, tuple[tuple[str, int, str], ...]]


def collect_keyed_parts(listed: Sequence[Listed]) -> list[Collected]:
    """Return the embeddings whose parts are in folders ``key=value`` below one folder.

    Parameters
    ----------
    listed : sequence of Listed
    """
    groups: dict[_Group, list[tuple[Listed, _Keys]]] = defaultdict(list)
    for each in listed:
        if "=" not in each.file.home or each.loader.name not in _FORMATS:
            continue
        home, keys = _above(each.file.home)
        if not keys or any(_APART.fullmatch(key) for key, _ in keys):
            continue
        if not _WRITTEN.fullmatch(each.file.stem) or not _matrices(each):
            continue
        columns = tuple((t.key, t.shape[1], t.dtype) for t in _matrices(each))
        names = tuple(key for key, _ in keys)
        groups[home, names, each.file.suffix, columns].append((each, keys))
    found: list[Collected] = []
    for (home, names, _, _), parts in groups.items():
        if len({keys for _, keys in parts}) > 1:
            found += _joined(Path(home), names, parts)
    return found


def _matrices(listed: Listed) -> list[Tensor]:
    return [t for t in listed.found.tensors if t.is_matrix and t.role != "slot"]


def _above(home: str) -> tuple[str, _Keys]:
    """Return the folder above those of keys, and what these say, from above to below."""
    keys: list[tuple[str, str | None]] = []
    while True:
        folder, _, name = home.rpartition(os.sep)
        key = hive_key(name)
        if key is None or not folder:
            return home, tuple(reversed(keys))
        keys.append(key)
        home = folder


def _joined(
    home: Path, names: tuple[str, ...], parts: list[tuple[Listed, _Keys]]
) -> list[Collected]:
    ordered = sorted(parts, key=lambda part: natural_key(part[0].file.where))
    first = ordered[0][0]
    found = []
    for tensor in _matrices(first):
        members = tuple(
            Member(each, own, own.shape[0], keys)
            for each, keys in ordered
            for own in _matrices(each)
            if own.key == tensor.key
        )
        folders = len({keys for _, keys in ordered})
        shown = ", ".join(map(repr, names))
        note = (
            f"put together from {len(members):,} parts in {folders:,} folders, whose names are the "
            f"{'column' if len(names) == 1 else 'columns'} {shown}."
        )
        shape = (sum(member.n_rows for member in members), tensor.shape[1])
        name = home.name or first.file.stem if tensor.whole else tensor.name
        whole = replace(
            tensor,
            name=printable(name),
            shape=shape,
            labeled=True,
            detail=Joined(members, notes=(note,)),
        )
        joined = replace(first, loader=JoinedLoader(first.loader))
        found.append(Collected(joined, home, whole))
    return found
