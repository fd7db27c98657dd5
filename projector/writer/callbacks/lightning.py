"""A callback of Lightning: Trainer(callbacks=[ProjectorCallback("runs/1", data, layer="fc")])."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from projector.writer.callbacks.evaluation import Evaluation
from projector.writer.callbacks.torch_layers import embedding
from projector.writer.writer import Writer

try:
    from lightning.pytorch.callbacks import Callback
except ImportError:
    from pytorch_lightning.callbacks import Callback  # its former name


class ProjectorCallback(Callback):  # type: ignore[misc]
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

    def on_train_batch_end(self, trainer: Any, pl_module: Any, *_: Any) -> None:
        """Log if it is time."""
        self._log(trainer.global_step, pl_module)

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Log before the first step."""
        self._log(trainer.global_step, pl_module)

    def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
        """Write what waits."""
        self._evaluation.close()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Write what waits."""
        self._evaluation.close()

    def _log(self, step: int, model: Any) -> None:
        if self._evaluation.is_due(step):
            with embedding(model, self._evaluation.layer) as embed:
                self._evaluation.log(step, embed)
