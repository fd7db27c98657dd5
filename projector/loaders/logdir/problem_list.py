"""The problems that a search reports: each once, and of one file only the first hundred."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from projector.loaders.safe_files import printable
from projector.model.listing import Problem, Severity

#: Problems of one file that are listed, and letters of one message.
_MOST_PROBLEMS, _LONGEST_MESSAGE = 100, 2000


@dataclass
class ProblemList:
    """Collects problems; `root` is the log directory, to which paths are relative."""

    root: Path
    problems: list[Problem] = field(default_factory=list)
    _known: set[Problem] = field(default_factory=set, repr=False)
    _counts: dict[Path, int] = field(default_factory=dict, repr=False)

    def report(self, run: str, path: Path, message: str, severity: Severity = "error") -> None:
        """Add a problem, once; of one file, only the first hundred."""
        self._counts[path] = count = self._counts.get(path, 0) + 1
        if count > _MOST_PROBLEMS:
            return
        if len(message) > _LONGEST_MESSAGE:
            message = f"{message[:_LONGEST_MESSAGE]} …"
        problem = Problem(run, self.shown(path), message, severity)
        if problem not in self._known:
            self._known.add(problem)
            self.problems.append(problem)

    def finish(self) -> list[Problem]:
        """Say of which files not all problems are listed, and return all."""
        for path, count in self._counts.items():
            if count > _MOST_PROBLEMS:
                shown = self.shown(path)
                run = next(each.run for each in self.problems if each.path == shown)
                message = f"has {count - _MOST_PROBLEMS:,} more problems, which are not listed."
                self.problems.append(Problem(run, shown, message, "warning"))
        return self.problems

    def shown(self, path: Path) -> str:
        """Return a path as the listing shows it."""
        return printable(path.relative_to(self.root) if path.is_relative_to(self.root) else path)
