"""Parts that were found in a log directory as a partitioned dataset, which is read in pieces."""

from __future__ import annotations

from projector.loaders.base import Tensor
from projector.loaders.logdir.part_members import Joined
from projector.loaders.partitioned.headers import abouts_of
from projector.loaders.partitioned.layouts import columns_of_vectors
from projector.loaders.partitioned.part_files import fingerprint
from projector.loaders.partitioned.piece_formats import PIECE_LOADERS
from projector.model.partitioned import Part, PartitionedDataset


def partitioned_of(plan: Joined, tensor: Tensor) -> PartitionedDataset | None:
    """Return an embedding in parts as a partitioned dataset; None if its format has no pieces.

    Parameters
    ----------
    plan : Joined
    tensor : Tensor
        The whole.

    Raises
    ------
    LoadError
        A part cannot be read.
    """
    format = plan.members[0].listed.loader.name
    is_one = all(m.listed.loader.name == format and m.tensor.is_matrix for m in plan.members)
    if format not in PIECE_LOADERS or not is_one or plan.texts:
        return None
    names: dict[str, None] = {}
    parts: list[Part] = []
    for member in plan.members:
        file, own = member.listed.file, member.tensor
        names |= dict.fromkeys(key for key, _ in member.keys)
        parts.append(
            Part(
                path=str(file.real),
                first_row=parts[-1].stop_row if parts else 0,
                n_rows=member.n_rows,
                n_dims=tensor.shape[1],
                fingerprint=fingerprint(file),
                format=format,
                dtype=own.dtype,
                keys=member.keys,
                how=own.detail,
            )
        )
    files = [member.listed.file for member in plan.members]
    for about in abouts_of(files, format) if format != "npy" else ():
        names |= dict.fromkeys(about.metadata)
    used = columns_of_vectors(plan.members[0].tensor.detail if format != "npy" else None)
    columns = tuple(name for name in names if name not in used)
    return PartitionedDataset(tuple(parts), tensor.name, columns)
