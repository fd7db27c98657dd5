"""An evaluation set whose embeddings are logged while a model trains; shared by all callbacks."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from projector.errors import ParameterError
from projector.model.arguments import shown, whole_number
from projector.typing import AnyArray
from projector.writer.given_arrays import shared_array
from projector.writer.writer import Writer, WriterWarning

#: Keys of a batch that name its labels.
_LABELS = ("labels", "label", "y", "target")


class Evaluation:
    """Runs an evaluation set through a model every n steps, and logs what a layer gives.

    Parameters
    ----------
    log : Writer, str or Path
        A writer, or the folder of the run for a new one.
    data : iterable of batches
        Gone through again each time, in the same order. A batch is an array, a mapping, or a pair
        of inputs and labels.
    layer : str
        The name of the layer in the model.
    every : int
        Training steps from one to the next; the first is step 0 or the first after it.
    n_max : int
        At most so many rows are logged; a warning says if there are more.
    name : str, optional
        What the embedding is called; the layer's name by default.
    metadata, ids, images : optional
        As for `Writer.add`, for all rows of `data`. Without metadata, one label of each row in the
        batches becomes the column ``label``.
    """

    def __init__(
        self,
        log: Writer | str | Path,
        data: Iterable[Any],
        *,
        layer: str,
        every: int = 500,
        n_max: int = 5000,
        name: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        ids: Sequence[Any] | None = None,
        images: Any = None,
    ) -> None:
        if hasattr(data, "__next__") or not hasattr(data, "__iter__"):
            raise ParameterError(
                "'data' must be batches that can be gone through again, such as a list or a data "
                f"loader. Got {shown(data)}."
            )
        self.layer = layer
        self._data = data
        self._every = whole_number(every, name="every", low=1, high=None)
        self._n_max = whole_number(n_max, name="n_max", low=2, high=None)
        self._name = name or layer
        self._metadata, self._ids, self._images = metadata, ids, images
        self._is_own = not isinstance(log, Writer)
        self._writer = log if isinstance(log, Writer) else Writer(log)
        self._last: int | None = None
        self._said = False

    def is_due(self, step: int) -> bool:
        """Tell whether this process logs at a step."""
        if not self._writer.is_active or step == self._last:
            return False
        return self._last is None or step // self._every != self._last // self._every

    def log(self, step: int, embed: Callable[[Any], Any]) -> None:
        """Log the embeddings at a step.

        Parameters
        ----------
        step : int
        embed : callable
            Takes the inputs of a batch and returns vectors, (n, n_dims) or with axes between,
            over which the mean is taken.
        """
        self._last = step
        parts: list[AnyArray] = []
        labels: list[AnyArray] | None = []
        n_rows = 0
        for batch in self._data:
            if n_rows >= self._n_max:
                self._say_more()
                break
            inputs, own = _split(batch)
            vectors = _flat(shared_array(embed(inputs)))
            n_rows += len(vectors)
            parts.append(vectors)
            labels = None if labels is None or own is None else [*labels, own]
        count = min(n_rows, self._n_max)
        if not count:
            raise ParameterError("'data' has no batches. Give at least one.")
        if n_rows > count:
            self._say_more()
        self._writer.add(
            self._name,
            np.concatenate(parts)[:count],
            step,
            metadata=self._table(labels, count),
            ids=None if self._ids is None else list(self._ids[:count]),
            images=None if self._images is None else self._images[:count],
        )

    def close(self) -> None:
        """Write what waits; a writer that was given stays open."""
        if self._is_own:
            self._writer.close()
        else:
            self._writer.flush()

    def _table(self, labels: list[AnyArray] | None, count: int) -> dict[str, Any] | None:
        if self._metadata is not None:
            return {name: values[:count] for name, values in self._metadata.items()}
        return {"label": np.concatenate(labels)[:count]} if labels else None

    def _say_more(self) -> None:
        if not self._said:
            self._said = True
            warnings.warn(
                f"projector: only the first {self._n_max:,} rows of the evaluation set are logged. "
                "Raise n_max for more.",
                WriterWarning,
                stacklevel=2,
            )


def _split(batch: Any) -> tuple[Any, AnyArray | None]:
    """Return the inputs of a batch, and one label of each row if it has them."""
    if isinstance(batch, Mapping):
        found = next((batch[key] for key in _LABELS if key in batch), None)
        return batch, _labels(found)
    if isinstance(batch, tuple | list) and len(batch) == 2:
        return batch[0], _labels(batch[1])
    return (batch[0] if isinstance(batch, tuple | list) and len(batch) == 1 else batch), None


def _labels(given: Any) -> AnyArray | None:
    array = None if given is None else np.asarray(given if _is_text(given) else shared_array(given))
    return array if array is not None and array.ndim == 1 else None


def _is_text(given: Any) -> bool:
    return isinstance(given, list | tuple) and bool(given) and isinstance(given[0], str)


def _flat(vectors: AnyArray) -> AnyArray:
    """Return one vector a row: the mean over the axes between the first and the last."""
    if vectors.ndim <= 2:
        return vectors
    return np.asarray(vectors.astype(np.float32).mean(axis=tuple(range(1, vectors.ndim - 1))))
