"""Lists the tensor files that configs name by path."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.base import File, ShapedLoader, Tensor, located_message
from projector.loaders.logdir.config_companions import ConfigCompanions
from projector.loaders.logdir.config_file import Config, Info
from projector.loaders.logdir.reporting import Report
from projector.loaders.logdir.scanner import Listed, Scanner, list_named
from projector.loaders.logdir.sources import Source
from projector.loaders.naming import split_torch_tag
from projector.loaders.safe_files import printable


@dataclass
class ConfigReader:
    """Makes a source of every config entry that names a tensor file.

    Parameters
    ----------
    companions : ConfigCompanions
    scanner : Scanner
    report : Report

    Attributes
    ----------
    used : set of Path
        Files that a config names, for whatever purpose; none of them is listed on its own.
    """

    companions: ConfigCompanions
    scanner: Scanner
    report: Report
    used: set[Path] = field(default_factory=set)

    def named_files(self, config: Config, run: str) -> list[Source]:
        """Return a source for every entry of `config` that names a tensor file."""
        for problem in config.problems:
            self.report(run, config.file.path, problem.message, problem.severity)
        seen: dict[tuple[str, int | None], tuple[Info, Source]] = {}
        sources: list[Source] = []
        for info in config.infos:
            self._mark_used(config, info)
            if not info.tensor_path:
                continue
            source = self._source(config, info, run)
            if source is None:
                continue
            key = (source.tensor.name, source.step)
            first = seen.get(key)
            if first is not None and first[1].file.real == source.file.real:
                if replace(first[0], place="") != replace(info, place=""):
                    message = (
                        f"{info.place}: {info.tensor_name!r} is listed twice. It is shown once."
                    )
                    self.report(run, config.file.path, message, "warning")
                continue
            seen[key] = (info, source)
            sources.append(source)
        return sources

    def _mark_used(self, config: Config, info: Info) -> None:
        for named in (info.metadata_path, info.image_path, info.bookmarks_path):
            if named:
                self.used.add(Path(config.base / named))
                file, _ = self.companions.find(config, named)
                if file is not None:
                    self.used.add(file.path)

    def _source(self, config: Config, info: Info, run: str) -> Source | None:
        file = self.companions.file(config, info.tensor_path, info, run)
        if file is None:
            return None
        self.used.add(file.path)
        try:
            listed = self._listed(file, info)
            tensor = _only_matrix(listed, info)
        except LoadError as error:
            self.report(run, file.path, located_message(error), "error")
            return None
        for problem in listed.found.problems:
            self.report(run, problem.path or file.path, problem.message, problem.severity)
        name, step = split_torch_tag(info.tensor_name)
        if step is None:
            step = tensor.step if tensor.step is not None else listed.found.step
        aliases = (*tensor.aliases, *({info.tensor_name} - {name, ""}))
        tensor = replace(tensor, name=printable(name) or tensor.name, aliases=aliases)
        parts = listed.found.parts
        source = Source(
            listed.file,
            listed.loader,
            tensor,
            run,
            step,
            named=True,
            parts=parts,
            is_final=listed.is_final,
        )
        self._check_shape(config, info, source, run)
        self.companions.attach(source, config, info, run)
        return source

    def _listed(self, file: File, info: Info) -> Listed:
        kept = self.scanner.list(file)
        if kept is None or not kept.found.tensors:
            return list_named(file, info.tensor_shape)
        if info.tensor_shape and isinstance(kept.loader, ShapedLoader):
            return list_named(file, info.tensor_shape)
        return kept

    def _check_shape(self, config: Config, info: Info, source: Source, run: str) -> None:
        """Warn where a config and a file with a header of its own disagree."""
        given, actual = info.tensor_shape, source.tensor.shape
        if given and given != actual and not isinstance(source.loader, ShapedLoader):
            message = (
                f"{info.place}: tensor_shape is {' x '.join(map(str, given))}, but the file has "
                f"{' x '.join(map(str, actual))}. The file's shape is used; correct the config."
            )
            self.report(run, config.file.path, message, "warning")


def _only_matrix(listed: Listed, info: Info) -> Tensor:
    matrices = [t for t in listed.found.tensors if t.is_matrix]
    for tensor in matrices:
        if tensor.name == info.tensor_name:
            return tensor
    if len(matrices) == 1:
        return matrices[0]
    found = ", ".join(t.name for t in listed.found.tensors[:5]) or "none"
    raise LoadError(
        listed.file.path,
        f"contains {len(matrices)} matrices ({found}), and none is called {info.tensor_name!r}. "
        "Set tensor_name to the name of one of them.",
    )
