"""Matches the config entries that name a tensor with the tensors of checkpoints."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from projector.errors import LoadError, OutsideLogdirError
from projector.loaders.base import File
from projector.loaders.companions.metadata_tsv import fits
from projector.loaders.logdir.config_companions import ConfigCompanions
from projector.loaders.logdir.config_file import Config, Info
from projector.loaders.logdir.reporting import Report
from projector.loaders.logdir.scanner import Scanner
from projector.loaders.logdir.sources import Source
from projector.loaders.naming import comparable_name
from projector.loaders.safe_files import resolve_inside


@dataclass
class CheckpointMatcher:
    """Applies the entries of configs that name no tensor file.

    Parameters
    ----------
    root : Path
        The log directory, resolved.
    files : mapping of Path to File
        All files that the walk found.
    scanner : Scanner
    companions : ConfigCompanions
    report : Report
    """

    root: Path
    files: dict[Path, File]
    scanner: Scanner
    companions: ConfigCompanions
    report: Report
    _sorted_names: list[tuple[str, Path]] = field(default_factory=list, repr=False)

    def match(
        self, configs: list[Config], run_of: Callable[[Path], str], sources: list[Source]
    ) -> None:
        """Attach companions to the tensors of checkpoints below each config's run folder."""
        if not configs:
            return
        below: dict[Path, list[Source]] = {config.run_folder: [] for config in configs}
        for source in sources if below else ():
            for folder in source.file.path.parents:
                if folder in below:
                    below[folder].append(source)
        # The innermost config knows its tensors best.
        for config in sorted(configs, key=lambda c: -len(c.run_folder.parts)):
            self._match_config(config, run_of(config.run_folder), below[config.run_folder])

    def _match_config(self, config: Config, run: str, below: list[Source]) -> None:
        by_name: dict[str, list[Source]] = {}
        for source in below:
            for name in set(source.names):
                by_name.setdefault(comparable_name(name), []).append(source)
        twice = _named_twice(config)
        infos = [info for info in config.infos if not info.tensor_path]
        for info in infos:
            if not info.tensor_name:
                if not info.metadata_path:
                    message = f"{info.place}: names neither a tensor nor a file. It is ignored."
                    self.report(run, config.file.path, message, "warning")
                continue
            name = comparable_name(info.tensor_name)
            matches = by_name.get(name, [])
            if matches and name in twice:
                matches = self._that_fit(config, info, run, matches, below)
            else:
                matches = matches or self._by_rows(config, info, run, below)
                if not matches:
                    self._report_unknown(config, info, run)
            for source in matches:
                self.companions.attach(source, config, info, run)
        default = next((info for info in infos if not info.tensor_name), None)
        if default is not None:
            self._apply_default(config, default, run, [s for s in below if not s.named])

    def _report_unknown(self, config: Config, info: Info, run: str) -> None:
        message = (
            f"{info.place}: no checkpoint below this config contains the tensor "
            f"{info.tensor_name!r}. Save the checkpoint there, or correct the name."
        )
        self.report(run, config.file.path, message, "warning")

    def _metadata(self, config: Config, info: Info, run: str) -> File | None:
        if not info.metadata_path:
            return None
        return self.companions.file(config, info.metadata_path, info, run)

    def _that_fit(
        self, config: Config, info: Info, run: str, named: list[Source], below: list[Source]
    ) -> list[Source]:
        """Return which tensors an entry is for, if another entry has the same name.

        Keras' callback gives all of its embeddings the name of the first: the rows tell.
        """
        file = self._metadata(config, info, run)
        if file is None:
            return []
        n_lines = self.scanner.n_lines(file)
        fitting = [s for s in named if fits(n_lines, s.n_points) and s.metadata is None]
        why = "is named twice"
        chosen = fitting or self._by_rows(config, info, run, below, why=why)
        message = f"{info.place}: the tensor {info.tensor_name!r} {why}. {file.name} has "
        if chosen:
            used = f"{n_lines:,} lines, and is used for {chosen[0].tensor.name!r} by its rows."
        else:
            used = f"{n_lines:,} lines, which fits no tensor, and is not used. Correct the names."
        self.report(run, config.file.path, message + used, "warning")
        return chosen

    def _by_rows(
        self,
        config: Config,
        info: Info,
        run: str,
        below: list[Source],
        why: str = "does not exist",
    ) -> list[Source]:
        """Find the tensor that the metadata fits, where no tensor has the name.

        Keras 3's callback names a tensor that only Keras 2 would have written.
        """
        file = self._metadata(config, info, run)
        if file is None:
            return []
        n_lines = self.scanner.n_lines(file)
        fitting = [
            s
            for s in below
            if not s.named and s.tensor.role != "slot" and fits(n_lines, s.n_points)
        ]
        embeddings = [s for s in fitting if s.tensor.role == "embedding"]
        chosen = embeddings or fitting
        if len({s.tensor.name for s in chosen}) != 1:
            return []
        for source in chosen:
            source.warnings.append(
                f"{config.file.name} names the tensor {info.tensor_name!r}, which {why}. "
                f"Its metadata is used for {source.tensor.name!r}, which has as many rows."
            )
        return chosen

    def _apply_default(self, config: Config, info: Info, run: str, sources: list[Source]) -> None:
        """Give the metadata of an entry without a name to the tensors that no entry names."""
        file = self._metadata(config, info, run)
        if file is None:
            return
        n_lines = self.scanner.n_lines(file)
        named = {comparable_name(each.tensor_name) for each in config.infos if each.tensor_name}
        for source in sources:
            if comparable_name(source.tensor.name) in named or source.tensor.role == "slot":
                continue
            if fits(n_lines, source.n_points):
                source.metadata = file
                continue
            source.warnings.append(
                f"the default metadata {file.name} has {n_lines:,} lines, which does not fit "
                f"{source.n_points:,} points. It is not used."
            )

    def check_path(self, config: Config, run: str) -> None:
        """Warn of a checkpoint that a config names and that is missing.

        Those that exist are found without being named. `Saver` writes absolute paths, which may
        be of another machine; the same name in the config's own folder is then meant.
        """
        for named, is_folder in ((config.checkpoint_path, False), (config.checkpoint_dir, True)):
            if not named:
                continue
            name = named.replace("\\", "/").rstrip("/").rpartition("/")[2]
            if not is_folder and self._has_checkpoint(config.run_folder, name):
                continue
            try:
                _check_exists(self.root, config, named)
            except LoadError as error:
                self.report(run, config.file.path, error.message, "warning")

    def _has_checkpoint(self, folder: Path, name: str) -> bool:
        """Tell whether a file of this checkpoint is below `folder`: index, shard or the whole."""
        if not self._sorted_names:
            self._sorted_names = sorted((file.name, path) for path, file in self.files.items())
        first = bisect_left(self._sorted_names, (name, Path()))
        for each, path in self._sorted_names[first:]:
            if not each.startswith(name):
                return False
            is_part = each in (name, f"{name}.index") or each.startswith(f"{name}-")
            if is_part and path.parent.is_relative_to(folder):
                return True
        return False


def _named_twice(config: Config) -> set[str]:
    """Return the names that several entries have, each with a table of its own."""
    tables: dict[str, set[str]] = {}
    for info in config.infos:
        if info.tensor_name and info.metadata_path and not info.tensor_path:
            tables.setdefault(comparable_name(info.tensor_name), set()).add(info.metadata_path)
    return {name for name, paths in tables.items() if len(paths) > 1}


def _check_exists(root: Path, config: Config, named: str) -> None:
    try:
        resolve_inside(root, config.run_folder, f"{named}.index", by=config.file.path)
    except OutsideLogdirError:
        raise
    except LoadError:
        if not (config.run_folder / named).is_dir():
            resolve_inside(root, config.run_folder, named, by=config.file.path)
