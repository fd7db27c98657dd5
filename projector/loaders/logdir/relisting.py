"""Lists files again that changed after the listing, so that tensors are found where they are now.

A listing has the place and the shape of a tensor's bytes. Of a file that was rewritten since, they
lead to other bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from projector.errors import LoadError
from projector.loaders.base import (
    UNEXPECTED_ERRORS,
    File,
    Found,
    ShapedLoader,
    Tensor,
    located_message,
)
from projector.loaders.logdir.currency import is_as_listed, read_again
from projector.loaders.logdir.label_use import ArrayLabels, LabelUse
from projector.loaders.logdir.part_members import Joined
from projector.loaders.logdir.scanner import Listed
from projector.loaders.logdir.sources import Source


def is_current(source: Source) -> bool:
    """Tell whether a source's tensor, and arrays of labels, are where its listing says."""
    return all(map(_is_current, _listings(source)))


def relisted(source: Source) -> Source:
    """Return a source with the files listed again that changed after they were listed.

    Raises
    ------
    LoadError
        A file is gone, or the tensor is no longer in it.
    """
    again = _Again()
    tensor, plan = source.tensor, source.tensor.detail
    if isinstance(plan, Joined):
        members = tuple(
            replace(member, listed=listed, tensor=same)
            for member in plan.members
            for listed, same in [again.find(member.listed, member.tensor)]
        )
        source = replace(source, tensor=replace(tensor, detail=replace(plan, members=members)))
    else:
        shape = tensor.shape if source.named else ()
        listed, tensor = again.find(_listing_of(source), tensor, shape)
        source = replace(
            source,
            file=listed.file,
            tensor=tensor,
            parts=listed.found.parts,
            is_final=listed.is_final,
        )
    return replace(source, labels=[again.labels(use) for use in source.labels])


def _listing_of(source: Source) -> Listed:
    return Listed(source.file, source.loader, Found(parts=source.parts), source.is_final)


def _listings(source: Source) -> Iterable[Listed]:
    plan = source.tensor.detail
    if isinstance(plan, Joined):
        yield from {id(each.listed): each.listed for each in plan.members}.values()
    else:
        yield _listing_of(source)
    yield from (use.listed for use in source.labels if isinstance(use, ArrayLabels))


def _is_current(listed: Listed) -> bool:
    return listed.is_final and all(map(is_as_listed, (listed.file, *listed.found.parts)))


class _Again:
    """Lists each file once, however many tensors are looked for in it."""

    def __init__(self) -> None:
        self._kept: dict[int, Listed] = {}

    def find(
        self, listed: Listed, tensor: Tensor, shape: tuple[int, ...] = ()
    ) -> tuple[Listed, Tensor]:
        """Return the file's present listing, and the tensor in it that was listed as `tensor`."""
        if _is_current(listed):
            return listed, tensor
        now = self._kept.get(id(listed))
        if now is None:
            now = self._kept[id(listed)] = _listed_again(listed, shape)
        found = _same_tensor(tensor, now.found)
        if found is not None:
            return now, found
        problem = next((each.message for each in now.found.problems), "it is no longer there.")
        missing = LoadError(
            now.file.path,
            f"was rewritten after it was listed, and {tensor.name!r} cannot be read from it now: "
            f"{problem} Refresh the listing.",
        )
        raise _shortened(listed.file, now.file, missing)

    def labels(self, use: LabelUse) -> LabelUse:
        """Return an array of labels where it is now; a file of labels is read as it is anyway."""
        if not isinstance(use, ArrayLabels):
            return use
        try:
            listed, tensor = self.find(use.listed, use.tensor)
        except LoadError:
            return use  # a warning of the dataset, as for any labels that cannot be read
        return replace(use, listed=listed, tensor=tensor)


def _listed_again(listed: Listed, shape: tuple[int, ...]) -> Listed:
    before, loader = listed.file, listed.loader
    file = read_again(before)
    if file is None:
        raise LoadError(before.path, "was deleted after it was listed. Refresh the listing.")
    is_settled = file.is_settled
    try:
        if shape and isinstance(loader, ShapedLoader):
            found = loader.with_shape(file, shape)
        else:
            found = loader.list(file)
    except UNEXPECTED_ERRORS as error:
        raise LoadError(file.path, f"cannot be read any more ({error}). Copy it again.") from error
    except LoadError as error:
        raise _shortened(before, file, error) from None
    return Listed(file, loader, found, is_settled)


def _shortened(before: File, now: File, error: LoadError) -> LoadError:
    """Return an error that names both sizes if a file was shortened after it was listed."""
    if now.size >= before.size:
        return error
    return LoadError(
        now.path,
        f"has {now.size:,} bytes now, but had {before.size:,} when it was listed: "
        f"{located_message(error)}",
    )


def _same_tensor(tensor: Tensor, found: Found) -> Tensor | None:
    """Return the tensor that was listed as `tensor`, under the name that it is shown by."""
    for each in found.tensors:
        if each.key != tensor.key:
            continue
        shape = each.shape
        if len(shape) > len(tensor.shape):  # axes of one are not shown
            shape = tuple(size for size in shape if size != 1)
        if each.real and len(shape) == len(tensor.shape):
            return replace(each, name=tensor.name, aliases=tensor.aliases, shape=shape)
    return None
