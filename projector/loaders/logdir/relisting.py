"""Lists a file again that changed after the listing, so that its tensor is found where it is now.

A listing has the place and the shape of a tensor's bytes. Of a file that was rewritten since, they
lead to other bytes.
"""

from __future__ import annotations

import os
from dataclasses import replace

from projector.errors import LoadError
from projector.loaders.base import UNEXPECTED_ERRORS, File, Found, ShapedLoader, Tensor
from projector.loaders.formats.tensorflow.events import is_event_file
from projector.loaders.logdir.sources import Source
from projector.loaders.logdir.walk import read_folder


def is_as_listed(file: File) -> bool:
    """Tell whether a file still is as the walk found it; event files may have grown since."""
    return file.is_current(grows=is_event_file(file.name))


def read_again(file: File) -> File | None:
    """Return a file, and the files of its folder, as they are now; None if it is gone."""
    found = read_folder(file.path.parent, file.root).files.get(file.path.name)
    if found is not None:
        return found
    try:  # one that the walk skips: hidden, or behind a link to a folder
        return File.of(file.path, file.root, os.stat(file.real), file.real)
    except OSError:
        return None


def relisted(source: Source) -> Source:
    """Return a source with its file listed again.

    Raises
    ------
    LoadError
        The file is gone, or the tensor is no longer in it.
    """
    listed = source.file
    file = read_again(listed)
    if file is None:
        raise LoadError(listed.path, "was deleted after it was listed. Refresh the listing.")
    is_settled = file.is_settled
    try:
        found = _listed(source, file)
    except UNEXPECTED_ERRORS as error:
        raise LoadError(file.path, f"cannot be read any more ({error}). Copy it again.") from error
    except LoadError as error:
        if file.size < listed.size:
            raise shortened(listed, file, error) from None
        raise
    tensor = _same_tensor(source.tensor, found)
    if tensor is None:
        problem = next((each.message for each in found.problems), "it is no longer there.")
        missing = LoadError(
            file.path,
            f"was rewritten after it was listed, and {source.tensor.name!r} cannot be read from it "
            f"now: {problem} Refresh the listing.",
        )
        raise shortened(listed, file, missing) if file.size < listed.size else missing
    return replace(source, file=file, tensor=tensor, parts=found.parts, is_final=is_settled)


def shortened(listed: File, now: File, error: LoadError) -> LoadError:
    """Return the error of a file that was shortened after it was listed."""
    return LoadError(
        now.path,
        f"has {now.size:,} bytes now, but had {listed.size:,} when it was listed: {error.message}",
        place=error.place,
    )


def _listed(source: Source, file: File) -> Found:
    if source.named and isinstance(source.loader, ShapedLoader):
        return source.loader.with_shape(file, source.tensor.shape)
    return source.loader.list(file)


def _same_tensor(tensor: Tensor, found: Found) -> Tensor | None:
    """Return the tensor that was listed as `tensor`, under the name that it is shown by."""
    for each in found.tensors:
        if each.key == tensor.key and each.is_matrix:
            return replace(each, name=tensor.name, aliases=tensor.aliases)
    return None
