"""A callback of Hugging Face's Trainer: ``Trainer(…, callbacks=[ProjectorCallback(…)])``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from projector.writer.callbacks.evaluation import Evaluation
from projector.writer.callbacks.torch_layers import embedding
from projector.writer.writer import Writer


class ProjectorCallback(TrainerCallback):  # type: ignore[misc]
    """Logs the embeddings of an evaluation set every n steps; only the process of rank 0 does.

    Parameters
    ----------
    log, data, **options
        See `projector.writer.callbacks.evaluation.Evaluation`: ``layer``, ``every``, ``n_max``,
        ``name``, ``metadata``, ``ids``, ``images``. Batches are what the model takes, such as
        those of a data loader with a collator; of tokens the mean without padding is taken.
    """

    def __init__(self, log: Writer | str | Path, data: Iterable[Any], **options: Any) -> None:
        super().__init__()
        self._evaluation = Evaluation(log, data, **options)

    def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Log before the first step."""
        self._log(state.global_step, given["model"])

    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Log if it is time."""
        self._log(state.global_step, given["model"])

    def on_train_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Write what waits."""
        self._evaluation.close()

    def _log(self, step: int, model: Any) -> None:
        if self._evaluation.is_due(step):
            with embedding(model, self._evaluation.layer) as embed:
                self._evaluation.log(step, embed)
