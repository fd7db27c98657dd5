"""Reads TensorFlow's state file ``checkpoint``, which names the checkpoints of its folder.

All checkpoints are found by their own files; this one only serves to warn of a missing one.
"""

from __future__ import annotations

import re

from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.pbtxt import Word, parse
from projector.loaders.safe_files import printable, read_all

_TOP = frozenset({"model_checkpoint_path", "all_model_checkpoint_paths"})
_LIMIT = 1 << 24


class TensorFlowState:
    """State files, which contain no tensors."""

    name = "tensorflow-state"
    title = "TensorFlow state file"
    gives = "nothing of its own; a missing checkpoint is told"
    extensions = ()

    def sniff(self, file: File) -> bool:
        """Recognize it by name and the first field."""
        return file.name == "checkpoint" and b"model_checkpoint_path" in file.head()

    def list(self, file: File) -> Found:
        """Report the latest checkpoint if it is missing."""
        text = read_all(file.real, limit=_LIMIT, what="a state file").decode("utf-8", "replace")
        whole, mistakes = parse(text, top=_TOP)
        problems = [
            FileProblem(f"line {m.line}, column {m.column}: {m.message}", "warning")
            for m in mistakes
        ]
        for name, value, line in whole.fields:
            if name != "model_checkpoint_path" or not isinstance(value, str):
                continue
            if isinstance(value, Word) or _is_in_folder(file, value):
                continue
            problems.append(
                FileProblem(
                    f"line {line}: the latest checkpoint {printable(value)!r} is not in this "
                    "folder. The others are shown; copy it here if you need it.",
                    "warning",
                )
            )
        return Found(problems=tuple(problems), parts=())

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Raise NotImplementedError: there is nothing to load."""
        raise NotImplementedError


def _is_in_folder(file: File, named: str) -> bool:
    """Tell whether a checkpoint with this name is in the folder, whatever path it had."""
    base = named.replace("\\", "/").rstrip("/").rpartition("/")[2]
    if not base or base in file.folder or f"{base}.index" in file.folder:
        return True
    if "?" in base or "*" in base:  # version 1 names its shards by a pattern
        pattern = re.escape(base).replace(r"\?", ".").replace(r"\*", ".*")
        return any(re.fullmatch(pattern, name) for name in file.folder)
    return False
