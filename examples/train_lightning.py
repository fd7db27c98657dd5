"""Watch a Lightning module with the callback: ``python examples/train_lightning.py runs``.

Needs torch and lightning.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import lightning
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from projector.writer.callbacks.lightning import ProjectorCallback


class Digits(lightning.LightningModule):  # type: ignore[misc]
    """A network of two layers."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.2))
        self.head = nn.Linear(32, 10)

    def forward(self, x: Any) -> Any:
        """Return the scores of the classes."""
        return self.head(self.encoder(x))

    def training_step(self, batch: Any, _number: int) -> Any:
        """Return the loss of a batch."""
        return nn.functional.cross_entropy(self(batch[0]), batch[1])

    def configure_optimizers(self) -> Any:
        """Return Adam."""
        return torch.optim.Adam(self.parameters(), lr=3e-3)


def main(logdir: str, n_epochs: int = 5) -> None:
    """Train on handwritten digits, and log a layer every 20 steps."""
    lightning.seed_everything(0)
    digits = load_digits()
    x, y = torch.tensor(digits.data / 16, dtype=torch.float32), torch.tensor(digits.target)
    data = TensorDataset(x, y)
    log = ProjectorCallback(
        Path(logdir) / "lightning-mlp",
        DataLoader(data, batch_size=256),
        layer="encoder",
        every=20,
        images=digits.images / 16,
    )
    trainer = lightning.Trainer(max_epochs=n_epochs, callbacks=[log], logger=False)
    trainer.fit(Digits(), DataLoader(data, batch_size=64, shuffle=True))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs")
