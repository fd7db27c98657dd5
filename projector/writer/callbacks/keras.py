"""A callback of Keras 3: model.fit(callbacks=[ProjectorCallback("runs/1", data, layer="fc")])."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras

from projector.errors import ParameterError, UnknownNameError
from projector.writer.callbacks.evaluation import Evaluation
from projector.writer.writer import Writer


class ProjectorCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Logs the embeddings of an evaluation set every n steps; only the process of rank 0 does.

    Parameters
    ----------
    log, data, **options
        See `projector.writer.callbacks.evaluation.Evaluation`: ``layer``, ``every``, ``n_max``,
        ``name``, ``metadata``, ``ids``, ``images``.
    """

    def __init__(self, log: Writer | str | Path, data: Iterable[Any], **options: Any) -> None:
        super().__init__()
        self._evaluation = Evaluation(log, data, **options)
        self._step = 0

    def on_train_begin(self, logs: Any = None) -> None:
        """Log before the first step, unless the model is built by it."""
        if getattr(self.model, "inputs", None):
            self._log()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Log if it is time."""
        self._step += 1
        self._log()

    def on_train_end(self, logs: Any = None) -> None:
        """Write what waits."""
        self._evaluation.close()

    def _log(self) -> None:
        name, model = self._evaluation.layer, self.model
        if not self._evaluation.is_due(self._step):
            return
        layer = next((each for each in model.layers if each.name == name), None)
        if layer is None:
            raise UnknownNameError("layer", name, [each.name for each in model.layers])
        if not getattr(model, "inputs", None):
            raise ParameterError(
                "The model is no graph of layers. Use a functional or Sequential one."
            )
        given = model.inputs[0] if len(model.inputs) == 1 else model.inputs
        part = keras.Model(given, layer.output)
        self._evaluation.log(self._step, lambda inputs: part(inputs, training=False))
