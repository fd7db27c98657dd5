"""The clusters that were found last, as columns of the datasets with these points."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from projector.api.clusters.result import Clusters
from projector.api.session.dataset_cache import Opened, keep_newest
from projector.api.session.derived_datasets import DerivedDatasets
from projector.model.metadata import Metadata

#: Datasets whose clusters are kept as columns.
_KEPT = 12


@dataclass(frozen=True)
class _Shown:
    result: str
    asked: int
    found: Clusters = field(repr=False)


class ClusterColumns:
    """Columns of clusters by the content of the vectors. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: OrderedDict[str, _Shown] = OrderedDict()
        self._made = DerivedDatasets(_KEPT)

    def show(self, content: str, result: str, found: Clusters, asked: int) -> None:
        """Show clusters with all datasets of this content, in place of those asked for before.

        Parameters
        ----------
        content : str
            The content hash of the vectors.
        result : str
            The id of the result.
        found : Clusters
        asked : int
            A higher number for what was asked for later, whenever it was found.
        """
        with self._lock:
            known = self._shown.get(content)
            if known is not None and known.asked > asked:
                return
            if known is not None and known.result == result:
                found = known.found  # the same result once more makes no other columns
            keep_newest(self._shown, content, _Shown(result, asked, found), _KEPT)

    def over(self, opened: Opened) -> Opened:
        """Return a dataset with the columns of its clusters, after all others."""
        with self._lock:
            shown = self._shown.get(opened.data.content_hash) if self._shown else None
        if shown is None:
            return opened

        def with_columns() -> Opened:
            columns = [replace(each, made_by=shown.result) for each in shown.found.columns()]
            metadata = Metadata((*opened.data.metadata.columns, *columns))
            return replace(opened, data=opened.data.with_metadata(metadata))

        return self._made.get(opened, shown.found, with_columns)
