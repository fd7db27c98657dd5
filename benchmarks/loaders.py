"""Benchmarks the loaders against other libraries: time, processor time, ratios and peak memory.

Each number is measured in a separate process, as the best of several rounds with the files in the
page cache. Processor time is that of all threads, and of the reader process that a loader starts.
Libraries that are not installed are skipped; PROJECTOR_BENCH_PYTHON names the interpreter of an
environment that has them (tensorflow-cpu, gensim, pandas), which this project
itself never needs. `--quick` uses a tenth of the rows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3


# The tasks: each takes the folder of the files, and returns what must stay alive until the end.
def ours_checkpoint(folder: Path) -> object:
    """Open the directory and load a tensor of a checkpoint."""
    from projector.loaders import open_logdir

    log = open_logdir(folder / "tf")
    return log.load(log.find(name="emb"))


def numpy_fromfile(folder: Path) -> object:
    """Read the same bytes without verifying them."""
    return np.fromfile(folder / "tf" / "m.ckpt-1.data-00000-of-00001", np.float32)


def tf_load_checkpoint(folder: Path) -> object:
    """Load it with TensorFlow."""
    import tensorflow as tf

    return tf.train.load_checkpoint(str(folder / "tf" / "m.ckpt-1")).get_tensor("emb")


def ours_metadata(folder: Path) -> object:
    """Read a table into typed columns."""
    from projector.loaders.companions.metadata_tsv import read_metadata

    n_points = int((folder / "n_labels").read_text())
    return read_metadata(folder / "metadata.tsv", n_points)


def arrow_metadata(folder: Path) -> object:
    """Read it with Arrow, on all cores."""
    from pyarrow import csv

    options = csv.ParseOptions(delimiter="\t", quote_char=False)
    return csv.read_csv(folder / "metadata.tsv", parse_options=options)


def pandas_metadata(folder: Path) -> object:
    """Read it with pandas."""
    import pandas as pd

    return pd.read_csv(folder / "metadata.tsv", sep="\t", quoting=3)


def arrow_tsv(folder: Path) -> object:
    """Read the same bytes with Arrow into columns of its own choice."""
    from pyarrow import csv

    return csv.read_csv(
        folder / "vectors.tsv",
        read_options=csv.ReadOptions(autogenerate_column_names=True),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
    )


def ours_tsv(folder: Path) -> object:
    """Load vectors from text."""
    from projector.loaders import load

    return load(folder / "vectors.tsv")


def tensorboard_tsv(folder: Path) -> object:
    """Read text as _read_tensor_tsv_file of TensorBoard's projector_plugin.py does."""
    tensor = []
    with (folder / "vectors.tsv").open() as file:
        for line in file:
            line = line.rstrip("\n")
            if line:
                tensor.append(list(map(float, line.split("\t"))))
    return np.array(tensor, dtype="float32")


def ours_words(folder: Path) -> object:
    """Load word vectors."""
    from projector.loaders import load

    return load(folder / "words.txt")


def gensim_words(folder: Path) -> object:
    """Load them with gensim."""
    from gensim.models import KeyedVectors

    return KeyedVectors.load_word2vec_format(str(folder / "words.txt"))


def ours_listing(folder: Path) -> object:
    """List a large tree."""
    from projector.loaders import open_logdir

    return open_logdir(folder / "runs")


def ours_refresh(folder: Path) -> object:
    """Refresh the listing; return the seconds of the refresh alone."""
    from projector.loaders import open_logdir

    log = open_logdir(folder / "runs")
    started = time.perf_counter()
    log.refresh()
    return time.perf_counter() - started


TABLE: list[tuple[str, Callable[[Path], object], list[Callable[[Path], object]]]] = [
    (
        "TensorFlow checkpoint, checksums verified",
        ours_checkpoint,
        [numpy_fromfile, tf_load_checkpoint],
    ),
    ("metadata TSV, two columns", ours_metadata, [arrow_metadata, pandas_metadata]),
    ("tensors TSV", ours_tsv, [arrow_tsv, tensorboard_tsv]),
    ("word2vec text", ours_words, [gensim_words]),
    ("listing 1,000 runs x 10 steps", ours_listing, []),
    ("refreshing this listing", ours_refresh, []),
]
NAMES = {task.__name__: task for _, ours, rivals in TABLE for task in (ours, *rivals)}


def prepare(folder: Path, scale: float) -> str:
    """Write the files; return a description of them."""
    sys.path.insert(0, str(ROOT))
    from tests.loaders.writers import checkpoint

    rng = np.random.default_rng(20261123)
    rows, labels, texts, words = (int(n * scale) for n in (1e6, 1e6, 1e5, 2e5))
    checkpoint(folder / "tf" / "m.ckpt-1", {"emb": rng.normal(size=(rows, 128)).astype(np.float32)})
    (folder / "n_labels").write_text(str(labels))
    with (folder / "metadata.tsv").open("w") as file:
        file.write("label\tvalue\n")
        file.writelines(f"item {i}\t{i % 977 / 7:.4f}\n" for i in range(labels))
    with (folder / "vectors.tsv").open("w") as file:
        for row in rng.normal(size=(texts, 100)).astype(np.float32):
            file.write("\t".join(map(repr, row.tolist())) + "\n")
    with (folder / "words.txt").open("w") as file:
        file.write(f"{words} 100\n")
        for number, row in enumerate(rng.normal(size=(words, 100)).astype(np.float32)):
            file.write(f"word{number} " + " ".join(f"{value:.6f}" for value in row.tolist()) + "\n")
    for run in range(1000):
        for step in range(10):
            place = folder / "runs" / f"run{run}" / f"{step:05d}" / "h"
            place.mkdir(parents=True)
            (place / "tensors.tsv").write_text("0.5\t0.25\t1\n" * 20)
            (place / "metadata.tsv").write_text("a\nb\n" * 10)
    return f"{rows:,} x 128; {labels:,} lines; {texts:,} x 100; {words:,} words x 100"


def one(name: str, folder: Path) -> dict[str, float]:
    """Measure one task in this process."""
    task = NAMES[name]
    try:
        task(folder)  # warms up imports and the page cache
    except ImportError:
        return {}
    best = least = float("inf")
    for _ in range(ROUNDS):
        started, before = time.perf_counter(), processor_seconds()
        result = task(folder)
        spent = result if isinstance(result, float) else time.perf_counter() - started
        best, least = min(best, spent), min(least, processor_seconds() - before)
        del result
    # ru_maxrss would include the parent's peak: it survives the start of a program.
    status = Path("/proc/self/status")
    peak = 0.0
    if status.exists():
        peak = float(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return {"seconds": best, "processor": least, "peak": peak}


def processor_seconds() -> float:
    """Return the processor time of this process and those below it that still run."""
    below = [each.cpu_times() for each in psutil.Process().children(recursive=True)]
    return time.process_time() + float(sum(each.user + each.system for each in below))


def measured(name: str, folder: Path) -> dict[str, float]:
    """Measure one task in a separate process."""
    is_ours = name.startswith("ours")
    elsewhere = os.environ.get("PROJECTOR_BENCH_PYTHON", sys.executable)
    python = sys.executable if is_ours else elsewhere
    done = subprocess.run(
        [python, __file__, "--one", name, str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    return dict(json.loads(lines[-1])) if lines else {}


def main() -> None:
    """Print the table."""
    if "--one" in sys.argv:
        print(json.dumps(one(sys.argv[2], Path(sys.argv[3]))))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        print(prepare(folder, 0.1 if "--quick" in sys.argv else 1.0), "\n")
        print(f"{'':44}{'seconds':>9}{'ratio':>8}{'cpu s':>9}{'ratio':>8}{'peak MB':>9}")
        for title, ours, rivals in TABLE:
            own = measured(ours.__name__, folder)
            times = f"{own['seconds']:9.3f}{'1':>8}{own['processor']:9.3f}{'1':>8}"
            print(f"{title:44}{times}{own['peak']:9.0f}")
            for rival in rivals:
                other = measured(rival.__name__, folder)
                if not other:
                    print(f"  {rival.__name__:42}{'not installed':>17}")
                    continue
                times = "".join(
                    f"{other[kind]:9.3f}{other[kind] / max(own[kind], 1e-9):8.2f}"
                    for kind in ("seconds", "processor")
                )
                print(f"  {rival.__name__:42}{times}{other['peak']:9.0f}")


if __name__ == "__main__":
    main()
