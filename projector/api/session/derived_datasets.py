"""Datasets with further columns, each made once of the dataset that was read."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from projector.api.session.dataset_cache import Opened, keep_newest


class DerivedDatasets:
    """What was made of the datasets that were asked for last. Safe from any thread.

    Parameters
    ----------
    most : int
        Datasets that are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        #: By the dataset, which is kept, too: its id names it only as long as it exists.
        self._made: OrderedDict[int, tuple[Opened, object, Opened]] = OrderedDict()

    def get(self, opened: Opened, source: object, make: Callable[[], Opened]) -> Opened:
        """Return what is made of a dataset.

        Parameters
        ----------
        opened : Opened
        source : object
            What it is made from, besides; made anew for another object.
        make : callable
        """
        with self._lock:
            made = self._made.get(id(opened))
        if made is None or made[1] is not source:
            made = (opened, source, make())
        with self._lock:
            keep_newest(self._made, id(opened), made, self._most)
        return made[2]
