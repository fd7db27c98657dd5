"""projector: compute and explore projections of embeddings.

All public names are in `__all__`; docs/api.md explains them. They are imported when they are
first used, so that ``import projector`` takes no time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from projector.rich_display import show_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from projector.api.change.compare import compare
    from projector.api.change.comparison_result import Comparison
    from projector.api.change.distributions import Distributions, distributions
    from projector.api.change.health import HealthReport, HealthSeries, health, health_series
    from projector.api.change.series import extend_series, project_series
    from projector.api.change.series_result import Series
    from projector.api.change.similarity import Similarity, similarity
    from projector.api.clusters.clusters import clusters
    from projector.api.clusters.result import Clusters
    from projector.api.estimators import PCA, TSNE, UMAP
    from projector.api.export import TensorBoardExport, export_tensorboard
    from projector.api.nearest import nearest
    from projector.api.neighbors import neighbors
    from projector.api.partitioned.partitioned_neighbors import (
        PartitionedNeighbors,
        partitioned_neighbors,
    )
    from projector.api.partitioned.result import PartitionedProjection
    from projector.api.project import project
    from projector.api.quality import quality
    from projector.api.table.first_columns import color_column, label_column
    from projector.api.watch import watch
    from projector.compute import METHODS
    from projector.compute.quality.scores import Quality
    from projector.errors import (
        Cancelled,
        ConflictError,
        DataError,
        FileChangedError,
        InvalidStateError,
        JobError,
        LoadError,
        MachineError,
        MemoryLimitError,
        NoRoomForCopyError,
        OutsideLogdirError,
        ParameterError,
        ProjectorError,
        RequestError,
        SaveError,
        ShapeError,
        UnknownNameError,
    )
    from projector.loaders import LOADERS, load, open_logdir, open_parts
    from projector.loaders.logdir.log import Log
    from projector.loaders.logdir.run import Run
    from projector.model.dataset import Dataset, Embedding
    from projector.model.listing import Entry, Problem
    from projector.model.metadata import Column, Metadata
    from projector.model.neighbors import Neighbors
    from projector.model.partitioned import PartitionedDataset
    from projector.model.progress import Progress
    from projector.model.projection import Projection
    from projector.model.selection import Selection
    from projector.model.sprite import Sprite
    from projector.model.tags import Tags
    from projector.notebook.widget import NotebookPage
    from projector.server.server import Server
    from projector.writer.writer import Writer, WriterWarning

#: The module of each public name.
_HOMES = {
    "LOADERS": "projector.loaders",
    "METHODS": "projector.compute",
    "PCA": "projector.api.estimators",
    "TSNE": "projector.api.estimators",
    "UMAP": "projector.api.estimators",
    "Cancelled": "projector.errors",
    "Clusters": "projector.api.clusters.result",
    "Column": "projector.model.metadata",
    "Comparison": "projector.api.change.comparison_result",
    "ConflictError": "projector.errors",
    "DataError": "projector.errors",
    "Dataset": "projector.model.dataset",
    "Distributions": "projector.api.change.distributions",
    "Embedding": "projector.model.dataset",
    "Entry": "projector.model.listing",
    "FileChangedError": "projector.errors",
    "HealthReport": "projector.api.change.health",
    "HealthSeries": "projector.api.change.health",
    "InvalidStateError": "projector.errors",
    "JobError": "projector.errors",
    "LoadError": "projector.errors",
    "Log": "projector.loaders.logdir.log",
    "MachineError": "projector.errors",
    "MemoryLimitError": "projector.errors",
    "NoRoomForCopyError": "projector.errors",
    "Metadata": "projector.model.metadata",
    "Neighbors": "projector.model.neighbors",
    "OutsideLogdirError": "projector.errors",
    "ParameterError": "projector.errors",
    "PartitionedDataset": "projector.model.partitioned",
    "PartitionedNeighbors": "projector.api.partitioned.partitioned_neighbors",
    "PartitionedProjection": "projector.api.partitioned.result",
    "Problem": "projector.model.listing",
    "Progress": "projector.model.progress",
    "Projection": "projector.model.projection",
    "ProjectorError": "projector.errors",
    "Quality": "projector.compute.quality.scores",
    "RequestError": "projector.errors",
    "Run": "projector.loaders.logdir.run",
    "SaveError": "projector.errors",
    "Selection": "projector.model.selection",
    "Server": "projector.server.server",
    "ShapeError": "projector.errors",
    "Series": "projector.api.change.series_result",
    "Similarity": "projector.api.change.similarity",
    "Sprite": "projector.model.sprite",
    "Tags": "projector.model.tags",
    "UnknownNameError": "projector.errors",
    "Writer": "projector.writer.writer",
    "WriterWarning": "projector.writer.writer",
    "clusters": "projector.api.clusters.clusters",
    "color_column": "projector.api.table.first_columns",
    "compare": "projector.api.change.compare",
    "health": "projector.api.change.health",
    "health_series": "projector.api.change.health",
    "label_column": "projector.api.table.first_columns",
    "load": "projector.loaders",
    "nearest": "projector.api.nearest",
    "neighbors": "projector.api.neighbors",
    "open_logdir": "projector.loaders",
    "open_parts": "projector.loaders",
    "distributions": "projector.api.change.distributions",
    "TensorBoardExport": "projector.api.export",
    "export_tensorboard": "projector.api.export",
    "extend_series": "projector.api.change.series",
    "partitioned_neighbors": "projector.api.partitioned.partitioned_neighbors",
    "project": "projector.api.project",
    "project_series": "projector.api.change.series",
    "quality": "projector.api.quality",
    "similarity": "projector.api.change.similarity",
    "watch": "projector.api.watch",
}

__all__ = [
    "LOADERS",
    "METHODS",
    "PCA",
    "TSNE",
    "UMAP",
    "Cancelled",
    "Clusters",
    "Column",
    "Comparison",
    "ConflictError",
    "DataError",
    "Dataset",
    "Distributions",
    "Embedding",
    "Entry",
    "FileChangedError",
    "HealthReport",
    "HealthSeries",
    "InvalidStateError",
    "JobError",
    "LoadError",
    "Log",
    "MachineError",
    "MemoryLimitError",
    "Metadata",
    "Neighbors",
    "NoRoomForCopyError",
    "OutsideLogdirError",
    "ParameterError",
    "PartitionedDataset",
    "PartitionedNeighbors",
    "PartitionedProjection",
    "Problem",
    "Progress",
    "Projection",
    "ProjectorError",
    "Quality",
    "RequestError",
    "Run",
    "SaveError",
    "Selection",
    "Series",
    "Server",
    "ShapeError",
    "Similarity",
    "Sprite",
    "Tags",
    "TensorBoardExport",
    "UnknownNameError",
    "Writer",
    "WriterWarning",
    "clusters",
    "color_column",
    "compare",
    "distributions",
    "export_tensorboard",
    "extend_series",
    "health",
    "health_series",
    "label_column",
    "load",
    "nearest",
    "neighbors",
    "open_logdir",
    "open_parts",
    "partitioned_neighbors",
    "project",
    "project_series",
    "quality",
    "serve",
    "show",
    "similarity",
    "watch",
]


def serve(
    source: Any = None,
    *,
    host: str = "127.0.0.1",
    port: int = 6006,
    allowed_hosts: Sequence[str] = (),
    behind_proxy: bool = False,
    frame_origins: Sequence[str] = (),
    public_url: str | None = None,
    read_only: bool = False,
    token: str | None = None,
    open_to_all: bool = False,
    embed: Callable[[str], Any] | None = None,
    poll_seconds: float = 30.0,
) -> Server:
    """Show a log directory, files, or datasets in memory in the browser.

    Parameters
    ----------
    source : str, Path, Dataset, Projection, array-like, or several of these, optional
        A log directory or a file, also elsewhere: ``"s3://bucket/runs"`` (docs/remote.md).
        Several files open as if they were in one folder, so that metadata is found next to its
        vectors; of several directories each is a group of runs, called as its folder, or by a
        name: ``["old=runs/a", "new=s3://bucket/b"]``. A Dataset or an array of
        shape (n_points, n_dims) is shown from memory, without a copy: do not change it while it
        is shown. A memory map of a file is copied, as others may shorten the file. Give several
        in a list, or in a mapping that names them. A Projection is shown by its positions. The
        demo data by default.
    host : str, default="127.0.0.1"
        Address to listen on. If other machines can reach it, the page requires a token, which is
        part of the `url`.
    port : int, default=6006
        Port to listen on; 0 selects a free one.
    allowed_hosts : sequence of str, default=()
        Host names that are answered as those of this machine; one that begins with a dot stands
        for all names below it.
    behind_proxy : bool, default=False
        Whether the `X-Forwarded-…` headers of the one reverse proxy before the server are
        believed.
    frame_origins : sequence of str, default=()
        Origins of pages that may show the page in a frame, such as ``"https://hub.example.com"``.
    public_url : str, optional
        The address at which others open the page. It is the `url`, its host is answered, and its
        path is the root of the page.
    read_only : bool, default=False
        Whether pages may change nothing that others see: no tags, shared selection, files, and
        running computations. `Server.select` still selects.
    token : str, optional
        What visitors need, instead of a new one at each start: 16 to 200 letters, digits, hyphens
        and underscores. On 127.0.0.1 none is needed unless it is given.
    open_to_all : bool, default=False
        Whether nobody needs a token, wherever the server listens; only if `read_only`. Hosts are
        still checked: name them by `public_url` or `allowed_hosts`.
    embed : callable, optional
        Takes a text and returns its vector, of as many numbers as the data has dimensions. Pages
        then search by meaning: what is nearest to a text. It is called for one text at a time;
        nothing is downloaded.
    poll_seconds : float, default=30.0
        After so many seconds a remote log directory is looked at again; 0 for never.

    Returns
    -------
    Server
        It serves from its own threads until `close`. See also `selection`, `select` and
        `wait_for_selection`.

    Raises
    ------
    ParameterError
        `source` cannot be shown, two datasets have the same name, the port is in use, or a host,
        an origin, the URL or the token is none.
    LoadError
        There is nothing at the path, or its server cannot be reached.

    Examples
    --------
    >>> import numpy as np
    >>> import projector
    >>> vectors = np.random.default_rng(0).normal(size=(500, 16))
    >>> with projector.serve(vectors, port=0) as server:
    ...     selection = server.select([3, 17])
    >>> selection.indices.tolist()
    [3, 17]
    """
    from projector.api.session.demo import source_or_demo
    from projector.server.server import Server

    shown, is_demo = source_or_demo(source)
    return Server(
        shown,
        host=host,
        port=port,
        # The demo data is part of the installation: tags on it are kept in memory.
        save_sidecars=not is_demo,
        allowed_hosts=allowed_hosts,
        behind_proxy=behind_proxy,
        frame_origins=frame_origins,
        public_url=public_url,
        read_only=read_only,
        token=token,
        open_to_all=open_to_all,
        embed=embed,
        poll_seconds=poll_seconds,
    )


def show(
    source: Any = None,
    *,
    height: int = 620,
    read_only: bool = False,
    embed: Callable[[str], Any] | None = None,
) -> NotebookPage:
    """Show a log directory, files, or datasets in memory in the cell of a notebook.

    The page is the same as that of `serve`. It speaks with the kernel over the notebook's own
    channel, so it works wherever the notebook does, and no port is opened.

    Parameters
    ----------
    source : Server, or what `serve` takes, optional
        The demo data by default. Pages of a Server share its selection and its results.
    height : int, default=620
        Of the cell, in CSS pixels; from 200 to 10,000.
    read_only, embed
        As for `serve`.

    Returns
    -------
    NotebookPage
        A widget; as the last line of a cell it is shown. Its `selection` is what is selected in
        the page, and selects when it is set. It works until `close`.

    Raises
    ------
    MachineError
        The extra `projector[notebook]` is not installed, or the page has not been built.
    ParameterError
        `source` cannot be shown, two datasets have the same name, or the height is out of range.
    LoadError
        There is nothing at the path.

    Examples
    --------
    >>> w = projector.show("runs")  # doctest: +SKIP
    >>> w.selection = [3, 17]       # doctest: +SKIP
    >>> w.selection.indices         # doctest: +SKIP
    array([ 3, 17])
    """
    from projector.notebook.show import show

    return show(source, height=height, read_only=read_only, embed=embed)


def _bundle_of(value: Any) -> dict[str, Any]:
    """Say how a notebook shows a value; what that needs is imported only then."""
    from projector.notebook.show import bundle_of

    return bundle_of(value)


show_by(_bundle_of)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("projector")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    from projector.errors import former_name

    return former_name(name, __name__)


def __dir__() -> list[str]:
    return sorted(__all__)
