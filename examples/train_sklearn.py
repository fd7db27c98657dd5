"""Watch a hidden layer of scikit-learn: ``python examples/train_sklearn.py runs``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

import projector


def main(logdir: str, n_epochs: int = 20) -> None:
    """Train on handwritten digits, and write what the hidden layer makes of those held back."""
    digits = load_digits()
    split = train_test_split(digits.data / 16, digits.target, random_state=0)
    train_x, test_x, train_y, test_y = (np.asarray(part) for part in split)
    model = MLPClassifier((32,), learning_rate_init=3e-3, random_state=0)
    with projector.Writer(Path(logdir) / "sklearn-mlp") as w:
        w.hparams({"hidden": 32, "lr": 3e-3, "solver": "adam"})
        for epoch in range(n_epochs):
            model.partial_fit(train_x, train_y, classes=np.arange(10))
            hidden = np.maximum(test_x @ model.coefs_[0] + model.intercepts_[0], 0)
            w.add(
                "hidden",
                hidden.astype("float32"),
                step=epoch,
                metadata={"label": test_y, "predicted": model.predict(test_x)},
                images=1 - test_x.reshape(-1, 8, 8),
            )
            w.scalars({"loss": model.loss_, "accuracy": model.score(test_x, test_y)}, step=epoch)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs")
