"""projector: look at what a model has learned.

Everything public is in `__all__`; docs/api.md tells what it does. Names are imported when they
are first used, so that ``import projector`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from projector.api.estimators import PCA, TSNE, UMAP
    from projector.api.nearest import nearest
    from projector.api.neighbors import neighbors
    from projector.api.project import project
    from projector.api.quality import quality
    from projector.api.watch import watch
    from projector.compute import METHODS
    from projector.compute.quality.scores import Quality
    from projector.errors import (
        Cancelled,
        ChangedMeanwhile,
        DataError,
        JobFailed,
        LoadError,
        NotSaved,
        OutsideError,
        ParameterError,
        ProjectorError,
        RequestError,
        ShapeError,
        TooLarge,
        UnknownName,
    )
    from projector.loaders import LOADERS, load, open_logdir
    from projector.loaders.logdir.log import Log
    from projector.model.dataset import Dataset, Embedding
    from projector.model.listing import Entry, Problem
    from projector.model.metadata import Column, Metadata
    from projector.model.neighbors import Neighbors
    from projector.model.progress import Progress
    from projector.model.projection import Projection
    from projector.model.selection import Selection
    from projector.model.sprite import Sprite
    from projector.model.tags import Tags
    from projector.server.server import Server

#: Where each public name lives.
_HOMES = {
    "LOADERS": "projector.loaders",
    "METHODS": "projector.compute",
    "PCA": "projector.api.estimators",
    "TSNE": "projector.api.estimators",
    "UMAP": "projector.api.estimators",
    "Cancelled": "projector.errors",
    "ChangedMeanwhile": "projector.errors",
    "Column": "projector.model.metadata",
    "DataError": "projector.errors",
    "Dataset": "projector.model.dataset",
    "Embedding": "projector.model.dataset",
    "Entry": "projector.model.listing",
    "JobFailed": "projector.errors",
    "LoadError": "projector.errors",
    "Log": "projector.loaders.logdir.log",
    "Metadata": "projector.model.metadata",
    "Neighbors": "projector.model.neighbors",
    "NotSaved": "projector.errors",
    "OutsideError": "projector.errors",
    "ParameterError": "projector.errors",
    "Problem": "projector.model.listing",
    "Progress": "projector.model.progress",
    "Quality": "projector.compute.quality.scores",
    "Projection": "projector.model.projection",
    "ProjectorError": "projector.errors",
    "RequestError": "projector.errors",
    "Selection": "projector.model.selection",
    "Server": "projector.server.server",
    "ShapeError": "projector.errors",
    "TooLarge": "projector.errors",
    "Sprite": "projector.model.sprite",
    "Tags": "projector.model.tags",
    "UnknownName": "projector.errors",
    "load": "projector.loaders",
    "nearest": "projector.api.nearest",
    "neighbors": "projector.api.neighbors",
    "open_logdir": "projector.loaders",
    "project": "projector.api.project",
    "quality": "projector.api.quality",
    "watch": "projector.api.watch",
}

__all__ = [
    "LOADERS",
    "METHODS",
    "PCA",
    "TSNE",
    "UMAP",
    "Cancelled",
    "ChangedMeanwhile",
    "Column",
    "DataError",
    "Dataset",
    "Embedding",
    "Entry",
    "JobFailed",
    "LoadError",
    "Log",
    "Metadata",
    "Neighbors",
    "NotSaved",
    "OutsideError",
    "ParameterError",
    "Problem",
    "Progress",
    "Projection",
    "ProjectorError",
    "Quality",
    "RequestError",
    "Selection",
    "Server",
    "ShapeError",
    "Sprite",
    "Tags",
    "TooLarge",
    "UnknownName",
    "load",
    "nearest",
    "neighbors",
    "open_logdir",
    "project",
    "quality",
    "serve",
    "watch",
]


def serve(source: Any = None, *, host: str = "127.0.0.1", port: int = 6006) -> Server:
    """Serve a log directory, files, or what is in memory to the browser.

    Parameters
    ----------
    source : str, Path, Dataset, Projection, array-like, or several of these, optional
        Several files are shown as if they stood in one folder, labels beside their vectors. A
        Dataset or an array of the shape (n_points, n_dims) is shown as it is in memory, and
        nothing is written beside your files; give several in a list, or in a mapping that names
        them. They must not be changed while they are shown. A Projection is shown by its
        positions. The demo data where nothing is given.
    host : str
        Another address than a loopback one makes the server ask for a token, which the
        returned handle's `url` has.
    port : int
        0 picks a free one.

    Returns
    -------
    Server
        With ``.url``, ``.selection``, ``.select()``, ``.wait_for_selection()`` and ``.close()``;
        it serves from threads of its own.

    Raises
    ------
    ParameterError
        Nothing that can be shown, two things of one name, or a port that is in use.
    LoadError
        There is nothing at the path.
    """
    from projector.api.session.demo import demo_folder
    from projector.server.server import Server

    demo = demo_folder() if source is None else None
    # The demo data belongs to the installation: whoever tries tags on it leaves no file there.
    shown = source if source is not None else demo or "."
    return Server(shown, host=host, port=port, save_sidecars=demo is None)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("projector")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'projector' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
