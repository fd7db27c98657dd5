"""The clusters that were found last, as columns of the datasets with these points."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace

from projector.api.clusters.result import Clusters
from projector.api.session.dataset_cache import Opened, keep_newest
from projector.model.metadata import Metadata

#: Datasets whose clusters are kept as columns.
_KEPT = 12


class ClusterColumns:
    """Columns of clusters by the content of the vectors. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[str, tuple[str, Clusters]] = OrderedDict()
        #: By dataset: what was made of it, from which result.
        self._made: OrderedDict[int, tuple[Opened, str, Opened]] = OrderedDict()

    def show(self, content: str, result: str, found: Clusters) -> None:
        """Show clusters with all datasets of this content, in place of others.

        Parameters
        ----------
        content : str
            The content hash of the vectors.
        result : str
            The id of the result.
        found : Clusters
        """
        with self._lock:
            keep_newest(self._found, content, (result, found), _KEPT)

    def over(self, opened: Opened) -> Opened:
        """Return a dataset with the columns of its clusters, after all others."""
        with self._lock:
            if not self._found:
                return opened
            known = self._found.get(opened.data.content_hash)
            made = self._made.get(id(opened))
            if known is None:
                return opened
            result, found = known
            if made is None or made[1] != result:
                columns = [replace(each, made_by=result) for each in found.columns()]
                metadata = Metadata((*opened.data.metadata.columns, *columns))
                whole = replace(opened, data=opened.data.with_metadata(metadata))
                made = (opened, result, whole)
            # The dataset itself is kept, too: its id names it only as long as it exists.
            keep_newest(self._made, id(opened), made, _KEPT)
        return made[2]
