"""Watch a network of PyTorch: ``python examples/train_torch.py runs``. Needs torch."""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from sklearn.datasets import load_digits
from torch import nn

import projector


def main(logdir: str, n_steps: int = 400, every: int = 50) -> None:
    """Train on handwritten digits, and write what two layers make of all of them."""
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    digits = load_digits()
    x = torch.tensor(digits.data / 16, dtype=torch.float32, device=device)
    y = torch.tensor(digits.target, device=device)
    first, second = nn.Sequential(nn.Linear(64, 64), nn.ReLU()), nn.Linear(64, 16)
    model = nn.Sequential(first, second, nn.ReLU(), nn.Linear(16, 10)).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    with projector.Writer(Path(logdir) / "torch-mlp") as w:
        w.hparams({"lr": 3e-3, "optimizer": "adam", "device": device})
        for step in range(n_steps + 1):
            batch = torch.randint(len(x), (128,), device=device)
            loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if step % every == 0:
                one = first(x)  # with its gradient and on its device: the writer copies it
                w.add("first", one, step=step, metadata={"label": y}, images=digits.images / 16)
                w.add("second", second(one).bfloat16(), step=step, metadata={"label": y})
                w.scalars({"loss": loss}, step=step)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs")
