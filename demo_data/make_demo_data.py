"""Train two small networks on handwritten digits and log what they learn: the demo data.

Run by ``make demo-data``, which provides PyTorch and TensorFlow for the time of the run. Both
networks learn scikit-learn's handwritten digits. At each of `SNAPSHOT_STEPS` the hidden layer's
activations for every image are written as an embedding, each run in the layout of its own library:

* ``mlp-relu-16``: ``torch.utils.tensorboard.SummaryWriter.add_embedding``;
* ``cnn-tanh-32``: a series of TensorFlow 2 checkpoints with a ``projector_config.pbtxt``.

The writers leave traces of the machine in file names; those are renamed at the end.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

HERE = Path(__file__).resolve().parent
TENSOR_NAME = "hidden"
TILE = 8  # pixels; the images are 8 x 8
N_DIGITS = 10

# About evenly spaced in what changes, not in time: step 0 is the untrained network.
SNAPSHOT_STEPS = (0, 20, 50, 100, 200, 500, 1000, 2000)
# Scalars are small, so the curves get more steps than the embeddings.
SCALAR_STEPS = frozenset(SNAPSHOT_STEPS) | {round(10 ** (k / 20)) for k in range(67)}
N_STEPS = SNAPSHOT_STEPS[-1]
BATCH_SIZE = 64

# Activations are rounded to multiples of 1/256: fewer digits as text, better compression as bytes,
# and far below anything a picture can show.
RESOLUTION = 256


@dataclass(frozen=True)
class Digits:
    """All images with their true labels, and which of them the networks learn from."""

    images: Floats  # (n_points, 8, 8), 0 to 1
    labels: Integers  # (n_points,)
    is_train: NDArray[np.bool_]  # (n_points,)

    @property
    def split(self) -> list[str]:
        """Name the part of each image: ``train`` or ``test``."""
        return ["train" if train else "test" for train in self.is_train]

    def batches(self, seed: int) -> Iterator[tuple[int, Integers]]:
        """Yield ``(step, rows)``: the rows to learn from, to get from `step` to the next."""
        rng = np.random.default_rng(seed)
        rows = np.flatnonzero(self.is_train)
        for step in range(N_STEPS + 1):
            yield step, rng.choice(rows, BATCH_SIZE, replace=False)


@dataclass(frozen=True)
class Answers:
    """What a network says about every image at one step."""

    hidden: Floats  # (n_points, n_dims)
    probabilities: Floats  # (n_points, 10)

    def columns(self, labels: Integers) -> list[list[str]]:
        """Return for each image the predicted digit, its probability, and whether it is right."""
        predicted = self.probabilities.argmax(axis=1)
        confidence = self.probabilities.max(axis=1)
        return [
            [str(digit), f"{probability:.3f}", "yes" if digit == label else "no"]
            for digit, probability, label in zip(predicted, confidence, labels, strict=True)
        ]

    def scalars(self, digits: Digits) -> dict[str, float]:
        """Return cross entropy and accuracy on both parts of the data."""
        right = self.probabilities.argmax(axis=1) == digits.labels
        surprise = -np.log(self.probabilities[np.arange(len(right)), digits.labels] + 1e-12)
        values = {}
        for part, rows in (("train", digits.is_train), ("test", ~digits.is_train)):
            values[f"loss/{part}"] = float(surprise[rows].mean())
            values[f"accuracy/{part}"] = float(right[rows].mean())
        return values


def read_digits() -> Digits:
    """Return scikit-learn's digits, half of them, stratified, to learn from."""
    bunch = load_digits()
    rows = np.arange(len(bunch.target))
    train, _ = train_test_split(rows, train_size=0.5, stratify=bunch.target, random_state=0)
    images = (bunch.images / 16).astype(np.float32)
    return Digits(images, bunch.target.astype(np.int64), np.isin(rows, train))


def rounded(activations: Floats) -> Floats:
    """Return `activations` as multiples of 1/256."""
    # Adding zero turns -0.0 into 0.0.
    return (np.round(activations * RESOLUTION) / RESOLUTION + 0.0).astype(np.float32)


def report(run: str, step: int, scalars: dict[str, float]) -> None:
    """Print one line a snapshot."""
    print(f"{run}  step {step:5d}  " + "  ".join(f"{k} {v:.3f}" for k, v in scalars.items()))


def train_with_torch(digits: Digits, folder: Path, seed: int = 1) -> None:
    """Train 64 - 32 - 16 - 10 with ReLU; log with PyTorch's writer."""
    import torch
    from torch.utils.tensorboard import SummaryWriter

    torch.manual_seed(seed)
    torch.set_num_threads(1)  # sums in one order: the same activations every time
    body = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(TILE * TILE, 32), torch.nn.ReLU(),
        torch.nn.Linear(32, 16), torch.nn.ReLU(),
    )  # fmt: skip
    head = torch.nn.Linear(16, N_DIGITS)
    optimizer = torch.optim.Adam([*body.parameters(), *head.parameters()], lr=3e-3)
    images, labels = torch.from_numpy(digits.images), torch.from_numpy(digits.labels)

    def ask() -> Answers:
        with torch.no_grad():
            hidden = body(images)
            return Answers(hidden.numpy(), head(hidden).softmax(dim=1).numpy())

    with SummaryWriter(str(folder)) as writer:
        for step, rows in digits.batches(seed):
            if step in SCALAR_STEPS:
                scalars = ask().scalars(digits)
                for tag, value in scalars.items():
                    writer.add_scalar(tag, value, step)
            if step in SNAPSHOT_STEPS:
                report(folder.name, step, scalars)
                add_embedding(writer, digits, images, ask(), step)
            loss = torch.nn.functional.cross_entropy(head(body(images[rows])), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def add_embedding(writer: Any, digits: Digits, images: Any, answers: Answers, step: int) -> None:
    """Write one step's embedding, metadata and sprite with PyTorch's writer."""
    facts = answers.columns(digits.labels)
    writer.add_embedding(
        rounded(answers.hidden),
        metadata=[
            [str(label), *fact, part]
            for label, fact, part in zip(digits.labels, facts, digits.split, strict=True)
        ],
        metadata_header=["label", "predicted", "confidence", "correct", "split"],
        label_img=images[:, None],
        global_step=step,
        tag=TENSOR_NAME,
    )


def train_with_tensorflow(digits: Digits, folder: Path, seed: int = 2) -> None:
    """Train an all-convolutional network with 32 tanh units; save TensorFlow 2 checkpoints.

    Its layers are all convolutions, so the embedding is the only matrix in the checkpoints.
    """
    import tensorflow as tf

    tf.random.set_seed(seed)
    tf.config.experimental.enable_op_determinism()
    network = make_convolutions(tf, seed)
    optimizer = tf.keras.optimizers.Adam(1e-3)
    hidden = tf.Variable(tf.zeros([len(digits.labels), 32]), trainable=False)
    true_step = tf.Variable(0, dtype=tf.int64, trainable=False)
    checkpoint = tf.train.Checkpoint(network=network, step=true_step, **{TENSOR_NAME: hidden})
    manager = tf.train.CheckpointManager(checkpoint, str(folder), max_to_keep=None)
    images = tf.constant(digits.images[..., None])

    @tf.function  # type: ignore[untyped-decorator]
    def learn(pixels: Any, labels: Any) -> None:
        with tf.GradientTape() as tape:
            logits = network(pixels)[1]
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))

    def ask() -> Answers:
        activations, logits = network(images)
        return Answers(activations.numpy(), tf.nn.softmax(logits).numpy())

    writer = tf.summary.create_file_writer(str(folder))
    for step, rows in digits.batches(seed):
        if step in SCALAR_STEPS:
            scalars = ask().scalars(digits)
            with writer.as_default():
                for tag, value in scalars.items():
                    tf.summary.scalar(tag, value, step=step)
        if step in SNAPSHOT_STEPS:
            report(folder.name, step, scalars)
            hidden.assign(rounded(ask().hidden))
            true_step.assign(step)
            manager.save()
        learn(digits.images[rows][..., None], digits.labels[rows])
    writer.close()
    write_projector_config(digits, ask(), folder)


def make_convolutions(tf: Any, seed: int) -> Any:
    """Return 8x8 pixels -> 4x4x12 -> 2x2x24 -> 32 (tanh, the hidden layer) -> 10, as a module."""
    shapes = [(3, 1, 12), (3, 12, 24), (2, 24, 32), (1, 32, N_DIGITS)]
    glorot = tf.keras.initializers.GlorotUniform(seed=seed)

    class Convolutions(tf.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.kernels = [tf.Variable(glorot((size, size, i, o))) for size, i, o in shapes]
            self.biases = [tf.Variable(tf.zeros([o])) for _, _, o in shapes]

        def __call__(self, pixels: Any) -> tuple[Any, Any]:
            layer = pixels
            for kernel, bias in zip(self.kernels[:2], self.biases[:2], strict=True):
                layer = tf.nn.relu(tf.nn.conv2d(layer, kernel, 2, "SAME") + bias)
            layer = tf.nn.tanh(tf.nn.conv2d(layer, self.kernels[2], 1, "VALID") + self.biases[2])
            logits = tf.nn.conv2d(layer, self.kernels[3], 1, "VALID") + self.biases[3]
            return layer[:, 0, 0], logits[:, 0, 0]

    return Convolutions()


def write_projector_config(digits: Digits, final: Answers, folder: Path) -> None:
    """Write metadata, sprite and ``projector_config.pbtxt`` beside TensorFlow's checkpoints.

    This layout has one metadata file for all steps, so what the network says is that of its end.
    """
    header = ["label", "final_predicted", "final_confidence", "final_correct", "split"]
    facts = final.columns(digits.labels)
    rows = [
        [str(label), *fact, part]
        for label, fact, part in zip(digits.labels, facts, digits.split, strict=True)
    ]
    lines = ["\t".join(cells) + "\n" for cells in [header, *rows]]
    (folder / "metadata.tsv").write_text("".join(lines), "utf-8")
    write_sprite(digits.images, folder / "sprite.png")
    (folder / "projector_config.pbtxt").write_text(
        "embeddings {\n"
        f'  tensor_name: "{TENSOR_NAME}/.ATTRIBUTES/VARIABLE_VALUE"\n'
        '  metadata_path: "metadata.tsv"\n'
        "  sprite {\n"
        '    image_path: "sprite.png"\n'
        f"    single_image_dim: {TILE}\n    single_image_dim: {TILE}\n"
        "  }\n"
        "}\n",
        "utf-8",
    )


def write_sprite(images: Floats, path: Path) -> None:
    """Write all images as one square picture, row by row."""
    side = int(np.ceil(np.sqrt(len(images))))
    canvas = np.zeros((side * side, TILE, TILE), np.uint8)
    canvas[: len(images)] = np.round(images * 255)
    picture = (
        canvas.reshape(side, side, TILE, TILE).swapaxes(1, 2).reshape(side * TILE, side * TILE)
    )
    Image.fromarray(picture).save(path, optimize=True)


def remove_traces(folder: Path) -> None:
    """Rename the event file: the writers put the machine's name and the process number into it."""
    (written,) = folder.glob("events.out.tfevents.*")
    seconds = written.name.split(".")[3]
    written.rename(folder / f"events.out.tfevents.{seconds}.digits")


def main() -> None:
    """Write both runs into a folder, this script's own unless another is named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=HERE, help="where to write the runs"
    )
    out = parser.parse_args().folder
    digits = read_digits()
    for name, train in (("mlp-relu-16", train_with_torch), ("cnn-tanh-32", train_with_tensorflow)):
        shutil.rmtree(out / name, ignore_errors=True)
        train(digits, out / name)
        remove_traces(out / name)
    total = sum(path.stat().st_size for path in out.glob("*/**/*") if path.is_file())
    print(f"{total / 1e6:.2f} MB in {out}")


if __name__ == "__main__":
    main()
