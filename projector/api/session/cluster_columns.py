"""The clusters that were found last, as columns of the datasets with these points."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace

from projector.api.clusters.result import Clusters
from projector.api.session.dataset_cache import Opened, keep_newest
from projector.api.session.derived_datasets import DerivedDatasets
from projector.model.metadata import Metadata

#: Datasets whose clusters are kept as columns.
_KEPT = 12


class ClusterColumns:
    """Columns of clusters by the content of the vectors. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[str, tuple[str, Clusters]] = OrderedDict()
        self._asked: dict[str, int] = {}
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
            known = self._found.get(content)
            if known is not None and asked < self._asked[content]:
                return
            self._asked[content] = asked
            # The same result once more makes no other columns.
            shown = known if known is not None and known[0] == result else (result, found)
            keep_newest(self._found, content, shown, _KEPT)
            self._asked = {each: self._asked[each] for each in self._found}

    def over(self, opened: Opened) -> Opened:
        """Return a dataset with the columns of its clusters, after all others."""
        with self._lock:
            known = self._found.get(opened.data.content_hash) if self._found else None
        if known is None:
            return opened
        result, found = known

        def with_columns() -> Opened:
            columns = [replace(each, made_by=result) for each in found.columns()]
            metadata = Metadata((*opened.data.metadata.columns, *columns))
            return replace(opened, data=opened.data.with_metadata(metadata))

        return self._made.get(opened, known, with_columns)
