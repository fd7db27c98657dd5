"""Recognizes what a training or a data set keeps beside vectors, and what never holds any."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.text.lines import first_lines
from projector.loaders.logdir.label_names import label_name
from projector.loaders.logdir.scanner import Listed

#: State of trainers: random numbers, schedulers, arguments, samplers. Optimizers are listed.
_STATE = re.compile(
    r"^(rng_states?(_\d+)?\.(pth?|bin|pkl)|random_states?(_\d+)?\.pkl|"
    r"(lr_)?schedulers?(_\d+)?\.(pth?|bin)|(grad_)?scaler(_\d+)?\.(pth?|bin)|"
    r"(dl_|data_)?sampler(_\d+)?\.(pth?|bin)|training_args\.(bin|json)|trainer_state\.json|"
    r"custom_checkpoint_\d+\.pkl|dataloader(_\d+)?\.(pth?|bin|pkl)|"
    r"(adapter|generation|preprocessor|quantize|tokenizer|feature_extractor|processor|image_processor"
    r"|sentence_bert|data_collator|scheduler|model)?_?config\.json|args\.json|"
    r"(special_tokens_map|added_tokens|model_index|modules|all_results|eval_results|train_results|"
    r"trainer_log|dataset_info|state|dataset_dict|chat_template)\.json|merges\.txt|"
    r"requirements.*\.txt|latest|.*\.wandb)$",
    re.IGNORECASE,
)
#: What ``add_embedding`` of torch writes for each step; ten thousand tables are not looked into.
_TORCH_TABLE, _TORCH_VECTORS = "metadata.tsv", "tensors.tsv"
#: Where MLflow keeps one value or one history per file, without a suffix.
_MLFLOW = frozenset({"metrics", "params", "tags"})
#: Names of logs of a training: their numbers are no vectors.
_LOG = re.compile(
    r"(^|[-_. ])(logs?|history|histories|loss(es)?|metrics?|results?|progress|learning_?curves?)"
    r"([-_. ]|$)",
    re.IGNORECASE,
)
#: Formats of text in which boxes are written, and how they look.
_TEXTS = frozenset({"tensors-tsv", "word-vectors", "csv"})
_BOX_COLUMNS, _MOST_BOXES = range(4, 17), 1000
_FEWEST_FILES = 3


def is_state(file: File) -> bool:
    """Tell whether a file is a normal companion of a training, which never holds vectors."""
    if file.name == _TORCH_TABLE:
        return _TORCH_VECTORS in file.folder
    if _is_state_name(file.name):
        return True
    if "." in file.name or file.path.parent.name not in _MLFLOW:
        return False
    above = file.path.parent.parent
    return "mlruns" in above.parts or (above / "meta.yaml").is_file()


@lru_cache(maxsize=1 << 14)
def _is_state_name(name: str) -> bool:
    return _STATE.match(name) is not None


@lru_cache(maxsize=1 << 14)
def is_log(name: str) -> bool:
    """Tell whether a table of numbers is called as a log of losses is."""
    return _LOG.search(name) is not None


def boxes(listed: Iterable[Listed]) -> dict[Path, list[Listed]]:
    """Return the files of boxes in pictures by their folder: one small table for each picture."""
    folders: dict[Path, list[Listed]] = defaultdict(list)
    for each in listed:
        if each.loader.name in _TEXTS and each.file.suffix == ".txt":
            folders[each.file.path.parent].append(each)
    return {folder: files for folder, files in folders.items() if _are_boxes(folder.name, files)}


def _are_boxes(folder: str, files: Sequence[Listed]) -> bool:
    if len(files) < _FEWEST_FILES:
        return False
    shapes = [tensor.shape for each in files for tensor in each.found.tensors]
    if len(shapes) < len(files) / 2:
        return False
    if any(shape[0] > _MOST_BOXES or shape[-1] not in _BOX_COLUMNS for shape in shapes):
        return False
    if label_name(folder).kinds & {"label", "metadata"} or "box" in folder.lower():
        return True
    return len(set(shapes)) > 1 and all(_is_box(each.file) for each in files[:_FEWEST_FILES])


def _is_box(file: File) -> bool:
    """Tell whether each line is a class and parts of the picture's width and height."""
    try:
        lines = first_lines(file.head(), 8)
        rows = [[float(cell) for cell in line.split()] for line in lines]
    except (LoadError, ValueError):
        return False
    return bool(rows) and all(
        len(row) in (5, 6) and row[0] == int(row[0]) and all(0 <= cell <= 1 for cell in row[1:])
        for row in rows
    )
