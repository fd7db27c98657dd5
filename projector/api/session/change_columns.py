"""What changed between two datasets, as columns of both."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from projector.api.change.comparison_result import Comparison
from projector.api.change.side_columns import side_columns
from projector.api.session.dataset_cache import Opened, keep_newest
from projector.api.session.derived_datasets import DerivedDatasets
from projector.model.metadata import Metadata

#: Pairs of datasets whose comparison is kept as columns.
_KEPT = 6
#: Two datasets, by their ids.
Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class _Shown:
    contents: Pair
    result: str
    asked: int
    found: Comparison = field(repr=False)


class ChangeColumns:
    """Columns of comparisons by the two datasets. Safe from any thread.

    A dataset has the columns of one comparison, and so does the other one of the two: what has
    one name in two pictures is then one thing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shown: OrderedDict[Pair, _Shown] = OrderedDict()
        self._made = DerivedDatasets(2 * _KEPT)

    def show(self, pair: Pair, contents: Pair, result: str, found: Comparison, asked: int) -> None:
        """Show a comparison with both datasets, in place of all that were asked for before.

        Parameters
        ----------
        pair : pair of str
            The ids of the datasets.
        contents : pair of str
            The content hashes of what was compared.
        result : str
            The id of the result.
        found : Comparison
        asked : int
            A higher number for what was asked for later, whenever it was found.
        """
        with self._lock:
            of_either = {
                each: shown for each, shown in self._shown.items() if set(each) & set(pair)
            }
            if any(shown.asked > asked for shown in of_either.values()):
                return
            known = of_either.get(pair)
            if known is not None and known.result == result:
                found = known.found  # the same result once more makes no other columns
            for other in of_either:
                del self._shown[other]
            keep_newest(self._shown, pair, _Shown(contents, result, asked, found), _KEPT)

    def over(self, opened: Opened) -> Opened:
        """Return a dataset with the columns of its comparison, after all others."""
        with self._lock:
            known = next((each for each in self._shown.items() if opened.id in each[0]), None)
        if known is None:
            return opened
        pair, shown = known
        side: Literal[0, 1] = 0 if opened.id == pair[0] else 1
        if opened.data.content_hash != shown.contents[side]:
            return opened  # its file was written anew since

        def with_columns() -> Opened:
            made = [
                replace(each, made_by=shown.result, compares=pair)
                for each in side_columns(shown.found, side)
            ]
            metadata = Metadata((*opened.data.metadata.columns, *made))
            return replace(opened, data=opened.data.with_metadata(metadata))

        return self._made.get(opened, shown.found, with_columns)
