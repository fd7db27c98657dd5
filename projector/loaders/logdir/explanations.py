"""What is said of files and folders that have nothing to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from projector.loaders.base import File, Tensor
from projector.loaders.formats.registry import FORMATS, known_extensions
from projector.loaders.safe_files import printable, relative_path

_LISTED_TENSORS = 6


#: Kinds of files that have no vectors: their suffixes, what they are, and what to do.
_KINDS: tuple[tuple[frozenset[str], str, str], ...] = tuple(
    (frozenset(suffixes.split()), name, advice)
    for suffixes, name, advice in (
        (
            ".png .jpg .jpeg .gif .bmp .webp .tif .tiff .svg",
            "pictures",
            "compute their vectors with a model, and save these with numpy.save",
        ),
        (
            ".wav .mp3 .flac .ogg .mp4 .avi .mov",
            "recordings",
            "compute their vectors with a model, and save these with numpy.save",
        ),
        (
            ".tflite .onnx .pb .mlmodel .engine .gguf .ggml .caffemodel .pdmodel .joblib",
            "exported models",
            "save the embedding's weights from the program that made it, with numpy.save",
        ),
        (
            ".ann .faiss .index .hnsw .nms .usearch .scann",
            "search indexes",
            "read the vectors back with the library that wrote it, and save them with numpy.save",
        ),
        (
            ".db .sqlite .sqlite3 .duckdb .lance .mdb",
            "databases",
            "export the vectors, for example to Parquet",
        ),
        (".xlsx .xls .ods", "spreadsheets", "save the sheet as CSV"),
        (".mat .rds .rdata .sav", "files of other programs", "save the matrix as CSV"),
        (".zip .tar .tgz .rar .7z .xz .bz2 .zst .gz", "archives", "unpack them"),
        (".txt .md .rst .pdf .html .htm .log .tex", "texts", "embed them with a model first"),
        (".json .yaml .yml .toml .ini .cfg .xml", "settings", "they hold no vectors"),
        (".py .ipynb .js .ts .c .h .cpp .sh .r .jl", "programs", "run them to get vectors"),
        (".csv .tsv .parquet .arrow .jsonl", "tables without vectors", "add a column of vectors"),
        (".pkl .pickle .p .dill", "pickles", "save the vectors with numpy.save"),
    )
)
_UNKNOWN = ("files of an unknown format", "save their vectors with numpy.save")
_MOST_NAMED, _MOST_KINDS = 3, 6


def nothing_found(files: Iterable[File], root: Path) -> str:
    """Say what a folder has instead of embeddings, by kind and count, and what to do for each.

    Parameters
    ----------
    files : iterable of File
    root : Path
        The log directory.
    """
    kinds: dict[tuple[str, str], list[str]] = {}
    for file in files:
        name = printable(relative_path(root, file.path))
        kinds.setdefault(_kind(file), []).append(name)
    count = sum(map(len, kinds.values()))
    found = f"none of its files ({count:,}) has vectors" if count else "it has no files"
    seen = sorted(kinds.items(), key=lambda item: (item[0] == _UNKNOWN, -len(item[1])))
    listed = [_seen(*kind, names) for kind, names in seen[:_MOST_KINDS]]
    return " ".join(
        (
            f"contains no embeddings: {found}.",
            *listed,
            "Expected TensorFlow, Keras or PyTorch checkpoints, a projector_config.pbtxt, arrays, "
            "word vectors or tables (see docs/formats.md).",
        )
    )


def _kind(file: File) -> tuple[str, str]:
    for suffixes, name, advice in _KINDS:
        if file.suffix in suffixes:
            return name, advice
    return _UNKNOWN


def _seen(name: str, advice: str, names: Sequence[str]) -> str:
    some = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
    return f"{name[0].upper()}{name[1:]}: {len(names):,} ({some}); {advice}."


def unknown_format() -> str:
    """Say what a file that no loader recognizes can be converted to."""
    missing = "".join(f" {each.message}" for each in FORMATS.failures())
    return (
        "is not in a format that projector reads. Convert it to one of these: "
        f"{', '.join(known_extensions())} (see docs/formats.md).{missing}"
    )


def odd_vector(tensor: Tensor) -> str:
    """Say why a vector is not among those of the other files."""
    size = " x ".join(map(str, tensor.shape))
    return (
        f"is set aside: its vector of {size} numbers ({tensor.dtype}) is not as long as those of "
        "the other files. Compute all of them with the same model."
    )


def no_matrix(tensors: Sequence[Tensor]) -> str:
    """Say what a file has instead of a matrix."""
    some = ", ".join(
        f"{t.name} ({t.dtype}, {' x '.join(map(str, t.shape)) or 'scalar'})"
        for t in tensors[:_LISTED_TENSORS]
    )
    n_more = len(tensors) - _LISTED_TENSORS
    more = f" and {n_more:,} more" if n_more > 0 else ""
    return (
        "contains no embedding, which is a matrix of real numbers with at least one row and one "
        f"column. It contains {some}{more}."
    )
