"""Tells vectors from the other numbers that people keep as text: logs of losses, metrics, boxes."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from projector.loaders.base import File
from projector.loaders.formats.text.layout import Layout, layout_of
from projector.loaders.formats.text.separators import BLANKS
from projector.loaders.formats.text.series_names import are_one_vector
from projector.loaders.safe_files import relative_path

#: Names of files that contain labels, even if these are numbers.
METADATA_NAME = re.compile(r"meta|label|vocab|words?\b|classes|names", re.IGNORECASE)
#: Names of files that contain vectors, whatever else their name says.
VECTOR_NAME = re.compile(r"tensor|vector|vecs|emb", re.IGNORECASE)
#: Names of files, and of columns, in which a training keeps its course.
LOG_NAME = re.compile(
    r"(?<![a-z])(?:loss(?:es)?|logs?|logger|metrics?|results?|history|scores?|stats?|scalars?"
    r"|progress|curves?|accuracy|acc|epochs?|steps?|timings?|times?|events?|monitor|lr"
    r"|learning_rate|grad(?:_norm)?|f1|auc|precision|recall|perplexity|ppl|rewards?|mse|mae|rmse)"
    r"(?![a-z])",
    re.IGNORECASE,
)
#: Folders of the labels of detectors: one file of boxes for an image.
_LABEL_FOLDER = re.compile(r"labels?(?:_?\w{0,12})?|labelTxt|annotations?|bboxes|gt", re.IGNORECASE)
_LABELS = frozenset({"labels", "annotations"})
#: Suffixes of files that are opened to show numbers.
_TEXT_SUFFIX = re.compile(
    r"\.(?:tsv|tab|txt|csv|vecs?|w2v|word2vec|glove|embs?|embd|embeddings?|dat|data|vectors|feats?"
    r"|features|asc|n2v|node2vec|deepwalk|bin|model)$",
    re.IGNORECASE,
)
_PLAIN_LABELS = re.compile(r"\.(?:tsv|tab|labels|names)$", re.IGNORECASE)
_WHOLE = re.compile(r"\d+", re.ASCII)
_JSON_SUFFIX = (".json", ".jsonl", ".ndjson")
#: Without a suffix that says text, as few numbers a row are a log or a coordinate.
_FEWEST = 4
#: A row number and fewer numbers than this are the course of a training.
_COURSE = 8
_BOX = (5, 6)


def rows_of(file: File) -> Layout | None:
    """Return the layout of a text; None for what is no text of rows, or is plainly labels.

    The labels of ten thousand steps are not looked into.
    """
    if is_metadata_name(file.name) and _PLAIN_LABELS.search(file.name):
        return None
    return layout_of(file)


def may_be_vectors(file: File, layout: Layout | None) -> bool:
    """Tell whether a text of numbers can be meant as vectors, by its content, name and folder."""
    if layout is None or file.name.lower().endswith(_JSON_SUFFIX) or _is_in_labels(file):
        return False
    if layout.sizes is not None:
        return True
    # words.txt may be word vectors: no table of labels has so many numbers between blanks.
    is_glove = layout.kind == "words" and layout.separator == BLANKS and layout.n_numbers > _FEWEST
    if is_metadata_name(file.name) and not is_glove:
        return False
    if layout.kind != "table" and _are_boxes(layout):
        return False
    return _says_text(file.name) or _is_evident(layout)


def is_doubtful(file: File, layout: Layout) -> bool:
    """Tell whether rows of numbers are probably the course of a training, or a table of scores."""
    if layout.sizes is not None or is_vector_name(file.name):
        return False
    names = layout.header[-layout.n_numbers :]
    if names and not are_one_vector(names):
        return True
    counted = layout.kind == "words" and any("counts from" in note for note in layout.notes)
    if counted and layout.n_numbers < _COURSE:
        return True
    return LOG_NAME.search(file.stem) is not None and layout.n_numbers < 4 * _COURSE


def are_vectors(file: File) -> bool:
    """Tell whether a text is vectors beyond doubt, so that it is no table of labels.

    Raises
    ------
    LoadError
        The file cannot be read.
    """
    layout = rows_of(file)
    if layout is None or layout.kind == "table":
        return False
    return may_be_vectors(file, layout) and not is_doubtful(file, layout)


@lru_cache(maxsize=1 << 14)
def is_vector_name(name: str) -> bool:
    """Tell whether a file is called vectors, whatever else its name says."""
    return VECTOR_NAME.search(name) is not None


@lru_cache(maxsize=1 << 14)
def is_metadata_name(name: str) -> bool:
    """Tell whether a file is called metadata: ``emb_labels`` are labels, ``label_embs`` are not."""
    said = [hit.start() for hit in METADATA_NAME.finditer(name)]
    return bool(said) and said[-1] > max(
        (h.start() for h in VECTOR_NAME.finditer(name)), default=-1
    )


def _is_in_labels(file: File) -> bool:
    """Tell whether a file is in a folder of labels, one file for each image."""
    folders = relative_path(file.root, file.where).replace("\\", "/").split("/")[:-1]
    if not folders:
        return False
    # labels/train/0001.txt
    return _is_label_folder(folders[-1]) or not _LABELS.isdisjoint(folders)


@lru_cache(maxsize=1 << 14)
def _is_label_folder(name: str) -> bool:
    return _LABEL_FOLDER.fullmatch(name) is not None


@lru_cache(maxsize=1 << 14)
def _says_text(name: str) -> bool:
    return _TEXT_SUFFIX.search(name) is not None


def _are_boxes(layout: Layout) -> bool:
    """Tell whether rows are a class and a box, whose numbers are shares of an image's sides."""
    rows = layout.rows
    width = len(rows[0]) if rows else 0
    if width not in _BOX or not all(len(row) == width for row in rows):
        return False
    return all(
        _WHOLE.fullmatch(row[0]) is not None and all(_is_share(cell) for cell in row[1:])
        for row in rows
    )


def _is_share(cell: str) -> bool:
    try:
        return "." in cell and 0 <= float(cell) <= 1
    except ValueError:
        return False


def _is_evident(layout: Layout) -> bool:
    """Tell whether rows are vectors whatever their file is called."""
    n_numbers = len(layout.numeric) if layout.kind == "table" else layout.n_numbers
    rows = layout.rows
    if n_numbers < _FEWEST or len(rows) < 3 or len({len(row) for row in rows}) > 1:
        return False
    fractions = sum("." in cell for row in rows for cell in row[1:])
    if 2 * fractions < len(rows) * n_numbers:
        return False
    return n_numbers >= _COURSE or not _ascends([row[0] for row in rows])


def _ascends(cells: list[str]) -> bool:
    """Tell whether a first column is a time or a step."""
    try:
        values = [float(cell) for cell in cells]
    except ValueError:
        return False
    return all(a <= b for a, b in pairwise(values)) and values[0] < values[-1]
