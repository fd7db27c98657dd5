"""Watch a Keras model with the callback: ``python examples/train_keras.py runs``.

Needs keras and a backend, such as jax: ``KERAS_BACKEND=jax``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import keras
from sklearn.datasets import load_digits

import projector
from projector.writer.callbacks.keras import ProjectorCallback


def main(logdir: str, n_epochs: int = 5) -> None:
    """Train on handwritten digits, and log a layer every 20 steps."""
    keras.utils.set_random_seed(0)
    digits = load_digits()
    x, y = (digits.data / 16).astype("float32"), digits.target
    model = keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(32, activation="relu", name="encoder"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    with projector.Writer(Path(logdir) / "keras-mlp") as w:
        w.hparams({"lr": 3e-3, "backend": keras.backend.backend()})
        log = ProjectorCallback(
            w,
            [(x[at : at + 256], y[at : at + 256]) for at in range(0, len(x), 256)],
            layer="encoder",
            every=20,
            images=digits.images / 16,
        )
        model.fit(x, y, epochs=n_epochs, batch_size=64, callbacks=[log], verbose=0)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs")
