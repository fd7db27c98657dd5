"""Collects the problems that discovery's parts report, for tests."""

from __future__ import annotations

from pathlib import Path

from projector.loaders.logdir.config_companions import ConfigCompanions
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.walk import walk
from projector.model.listing import Severity


class Reports:
    """A `Report` that remembers."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.paths: list[str] = []

    def __call__(self, run: str, path: Path, message: str, severity: Severity = "error") -> None:
        """Remember a problem."""
        self.messages.append(f"{severity}: {message}")
        self.paths.append(path.name)


def companions_below(root: Path, reports: Reports) -> ConfigCompanions:
    """Return what attaches the companions of a log directory's configs."""
    files = {file.path: file for folder in walk(root)[0] for file in folder.files.values()}
    return ConfigCompanions(root, Scanner(), files, reports)
