"""The file ``checkpoint`` that TensorFlow keeps beside its checkpoints.

It only hints which checkpoint is the latest: all are found by their own files. What it names and
nobody has is worth a warning.
"""

from __future__ import annotations

import re

from projector.loaders.base import File, FileProblem, Found, Loaded, Tensor
from projector.loaders.decoders.pbtxt import Word, parse
from projector.loaders.safe_files import printable, read_all

_TOP = frozenset({"model_checkpoint_path", "all_model_checkpoint_paths"})
_LIMIT = 1 << 24


class TensorFlowState:
    """State files; they hold no tensor."""

    name = "tensorflow-state"
    title = "TensorFlow state file"
    extensions = ()

    def sniff(self, file: File) -> bool:
        """Tell by the name and the first field."""
        return file.name == "checkpoint" and b"model_checkpoint_path" in file.head()

    def list(self, file: File) -> Found:
        """Tell of the latest checkpoint where it is not beside."""
        text = read_all(file.real, limit=_LIMIT, what="a state file").decode("utf-8", "replace")
        whole, mistakes = parse(text, top=_TOP)
        problems = [
            FileProblem(f"line {m.line}, column {m.column}: {m.message}", "warning")
            for m in mistakes
        ]
        for name, value, line in whole.fields:
            if name != "model_checkpoint_path" or not isinstance(value, str):
                continue
            if isinstance(value, Word) or _is_beside(file, value):
                continue
            problems.append(
                FileProblem(
                    f"line {line}: the latest checkpoint {printable(value)!r} is not beside this "
                    "file; those that are, are shown. Copy it here if it is missed.",
                    "warning",
                )
            )
        return Found(problems=tuple(problems), parts=())

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Never asked: nothing was listed."""
        raise NotImplementedError


def _is_beside(file: File, named: str) -> bool:
    """Tell whether a checkpoint of this name is there; other machines' folders do not count."""
    base = named.replace("\\", "/").rstrip("/").rpartition("/")[2]
    if not base or base in file.folder or f"{base}.index" in file.folder:
        return True
    if "?" in base or "*" in base:  # version 1 names its shards by a pattern
        pattern = re.escape(base).replace(r"\?", ".").replace(r"\*", ".*")
        return any(re.fullmatch(pattern, name) for name in file.folder)
    return False
