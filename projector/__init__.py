"""projector: look at what a model has learned.

Everything public is in `__all__`; docs/api.md tells what it does. Names are imported when they
are first used, so that ``import projector`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from projector.api.estimators import PCA, TSNE, UMAP
    from projector.api.graphs import neighbors
    from projector.api.judging import quality
    from projector.api.projecting import project
    from projector.api.queries import nearest
    from projector.api.watching import watch
    from projector.compute import METHODS
    from projector.compute.quality import Quality
    from projector.errors import (
        Cancelled,
        DataError,
        JobFailed,
        LoadError,
        OutsideError,
        ParameterError,
        ProjectorError,
        RequestError,
        ShapeError,
        TooLarge,
        UnknownName,
    )
    from projector.loaders import LOADERS, load, open_logdir
    from projector.loaders.logdir import Log
    from projector.model.dataset import Dataset, Embedding
    from projector.model.listing import Entry, Problem
    from projector.model.metadata import Column, Metadata
    from projector.model.neighbors import Neighbors
    from projector.model.progress import Progress
    from projector.model.projection import Projection
    from projector.model.sprite import Sprite
    from projector.server.running import Server

#: Where each public name lives.
_HOMES = {
    "LOADERS": "projector.loaders",
    "METHODS": "projector.compute",
    "PCA": "projector.api.estimators",
    "TSNE": "projector.api.estimators",
    "UMAP": "projector.api.estimators",
    "Cancelled": "projector.errors",
    "Column": "projector.model.metadata",
    "DataError": "projector.errors",
    "Dataset": "projector.model.dataset",
    "Embedding": "projector.model.dataset",
    "Entry": "projector.model.listing",
    "JobFailed": "projector.errors",
    "LoadError": "projector.errors",
    "Log": "projector.loaders.logdir",
    "Metadata": "projector.model.metadata",
    "Neighbors": "projector.model.neighbors",
    "OutsideError": "projector.errors",
    "ParameterError": "projector.errors",
    "Problem": "projector.model.listing",
    "Progress": "projector.model.progress",
    "Quality": "projector.compute.quality",
    "Projection": "projector.model.projection",
    "ProjectorError": "projector.errors",
    "RequestError": "projector.errors",
    "Server": "projector.server.running",
    "ShapeError": "projector.errors",
    "TooLarge": "projector.errors",
    "Sprite": "projector.model.sprite",
    "UnknownName": "projector.errors",
    "load": "projector.loaders",
    "nearest": "projector.api.queries",
    "neighbors": "projector.api.graphs",
    "open_logdir": "projector.loaders",
    "project": "projector.api.projecting",
    "quality": "projector.api.judging",
    "watch": "projector.api.watching",
}

__all__ = [
    "LOADERS",
    "METHODS",
    "PCA",
    "TSNE",
    "UMAP",
    "Cancelled",
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
    "OutsideError",
    "ParameterError",
    "Problem",
    "Progress",
    "Projection",
    "ProjectorError",
    "Quality",
    "RequestError",
    "Server",
    "ShapeError",
    "Sprite",
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


def serve(logdir: Any = None, *, host: str = "127.0.0.1", port: int = 6006) -> Server:
    """Serve a log directory, a single file or several files to the browser.

    Parameters
    ----------
    logdir : str, Path or sequence of them, optional
        Several files are shown as if they stood in one folder, labels beside their vectors. The
        demo data where none is named.
    host : str
        Another address than a loopback one makes the server ask for a token, which the
        returned handle's `url` has.
    port : int
        0 picks a free one.

    Returns
    -------
    Server
        With ``.url`` and ``.close()``; it serves from threads of its own.
    """
    from projector.server.page import demo_folder
    from projector.server.running import Server

    return Server(logdir if logdir is not None else demo_folder() or ".", host=host, port=port)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("projector")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'projector' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
