"""Benchmarks the loaders against other libraries: time, processor time, ratios and peak memory.

Each number is measured in a separate process, as the best of several rounds with the files in the
page cache. Processor time is that of all threads, and of the reader process that a loader starts.
Libraries that are not installed are skipped; PROJECTOR_BENCH_PYTHON names the interpreter of an
environment that has them (tensorflow-cpu, gensim, pandas), which this project itself never needs.
PROJECTOR_BENCH_BLOCKS names a folder on Btrfs or XFS, whose files can share blocks. `--quick` uses
a tenth of the rows; `--arrays` measures the first rows of the table only.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
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


def ours_npy(folder: Path) -> object:
    """Load an array file."""
    from projector.loaders import load

    return load(folder / "arrays" / "emb.npy")


def ours_safetensors(folder: Path) -> object:
    """Load a tensor of a safetensors file."""
    from projector.loaders import load

    return load(folder / "arrays" / "emb.safetensors")


def ours_flax(folder: Path) -> object:
    """Load an array of a Flax checkpoint."""
    from projector.loaders import load

    return load(folder / "arrays" / "emb.msgpack")


def _copied(path: Path, temporary: Path, in_memory: int) -> object:
    from projector.machine import private_copy

    tempfile.tempdir = str(temporary)
    private_copy.IN_MEMORY = in_memory
    with path.open("rb") as file:
        found = private_copy.copy_range(file.fileno(), 0, path.stat().st_size)
    # Read once, as everything that follows does: blocks that are shared were not read yet.
    return found, found.view(np.uint64).max()


def ours_copy_in_memory(folder: Path) -> object:
    """Take a private copy in memory."""
    return _copied(folder / "arrays" / "raw.bin", folder, 1 << 40)


def ours_copy_in_file(folder: Path) -> object:
    """Take a private copy in an unnamed file."""
    return _copied(folder / "arrays" / "raw.bin", folder, 0)


def ours_copy_of_blocks(folder: Path) -> float | object:
    """Take one that shares blocks, where PROJECTOR_BENCH_BLOCKS is a folder that can do it."""
    place = os.environ.get("PROJECTOR_BENCH_BLOCKS")
    if place is None:
        raise ImportError
    path = Path(place) / "raw.bin"
    if not path.exists():
        shutil.copyfile(folder / "arrays" / "raw.bin", path)
        os.sync()
        time.sleep(61)  # blocks are not shared with a file that was just written
    return _copied(path, path.parent, 0)


def numpy_fromfile_read(folder: Path) -> object:
    """Read a file with numpy, and read the numbers once."""
    found = np.fromfile(folder / "arrays" / "raw.bin", np.uint8)
    return found, found.view(np.uint64).max()


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
    ("npy", ours_npy, [numpy_fromfile]),
    ("safetensors", ours_safetensors, [numpy_fromfile]),
    ("Flax msgpack", ours_flax, [numpy_fromfile]),
    ("private copy in memory, and read", ours_copy_in_memory, [numpy_fromfile_read]),
    ("private copy in a file, and read", ours_copy_in_file, [numpy_fromfile_read]),
    ("private copy with shared blocks, and read", ours_copy_of_blocks, [numpy_fromfile_read]),
    ("metadata TSV, two columns", ours_metadata, [arrow_metadata, pandas_metadata]),
    ("tensors TSV", ours_tsv, [arrow_tsv, tensorboard_tsv]),
    ("word2vec text", ours_words, [gensim_words]),
    ("listing 1,000 runs x 10 steps", ours_listing, []),
    ("refreshing this listing", ours_refresh, []),
]
#: How many rows of the table read vectors of one kind in several formats.
N_ARRAYS = 7
NAMES = {task.__name__: task for _, ours, rivals in TABLE for task in (ours, *rivals)}


def prepare(folder: Path, scale: float) -> str:
    """Write the files; return a description of them."""
    rng = np.random.default_rng(20261123)
    if "--arrays" in sys.argv:
        return prepare_vectors(folder, rng, int(1e6 * scale))
    rows, labels, texts, words = (int(n * scale) for n in (1e6, 1e6, 1e5, 2e5))
    prepare_vectors(folder, rng, rows)
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


def prepare_vectors(folder: Path, rng: np.random.Generator, rows: int) -> str:
    """Write the same vectors in several formats."""
    sys.path.insert(0, str(ROOT))
    from tests.loaders.writers import checkpoint

    vectors = rng.normal(size=(rows, 128)).astype(np.float32)
    checkpoint(folder / "tf" / "m.ckpt-1", {"emb": vectors})
    folder = folder / "arrays"
    folder.mkdir()
    vectors.tofile(folder / "raw.bin")
    np.save(folder / "emb.npy", vectors)
    raw = vectors.tobytes()
    about = {"emb": {"dtype": "F32", "shape": vectors.shape, "data_offsets": [0, len(raw)]}}
    text = json.dumps(about).encode()
    text += b" " * (-len(text) % 8)
    with (folder / "emb.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + raw)
    # {"emb": extension 1 of [shape, type, bytes]}
    shape = b"\x92" + b"".join(b"\xce" + struct.pack(">I", size) for size in vectors.shape)
    body = b"\x93" + shape + b"\xa7float32" + b"\xc6" + struct.pack(">I", len(raw))
    with (folder / "emb.msgpack").open("wb") as file:
        file.write(b"\x81\xa3emb\xc9" + struct.pack(">I", len(body) + len(raw)) + b"\x01" + body)
        file.write(raw)
    return f"{rows:,} x 128"


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
        for title, ours, rivals in TABLE[:N_ARRAYS] if "--arrays" in sys.argv else TABLE:
            own = measured(ours.__name__, folder)
            if not own:
                print(f"{title:44}{'not possible here':>17}")
                continue
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
