"""Give tensors what the configs of a log directory say about them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from projector.errors import LoadError, OutsideError
from projector.loaders.base import File, Tensor
from projector.loaders.companions.metadata_tsv import fits
from projector.loaders.companions.sprites import refusal
from projector.loaders.logdir.config_file import Config, Info
from projector.loaders.logdir.scanner import Listed, Scanner, list_named
from projector.loaders.logdir.sources import Source
from projector.loaders.naming import comparable_name, torch_tag
from projector.loaders.safe_files import printable, resolve_inside
from projector.model.listing import Severity

#: Told: the config's run, the file, the message, how bad.
Tell = Callable[[str, Path, str, Severity], None]


@dataclass
class ConfigReader:
    """Applies configs; collects the tensors that they name by path."""

    root: Path
    scanner: Scanner
    files: dict[Path, File]
    tell: Tell
    #: Files that a config names, as whatever: none of them is listed for itself.
    used: set[Path] = field(default_factory=set)
    _names: list[tuple[str, Path]] = field(default_factory=list, repr=False)

    def named_files(self, config: Config, run: str) -> list[Source]:
        """Return a source for every entry that names a tensor file."""
        for problem in config.problems:
            self.tell(run, config.file.path, problem.message, problem.severity)
        self._check_checkpoint(config, run)
        seen: dict[tuple[str, int | None], tuple[Info, Source]] = {}
        sources: list[Source] = []
        for info in config.infos:
            self._mark(config, info)
            if not info.tensor_path:
                continue
            source = self._source(config, info, run)
            if source is None:
                continue
            key = (source.tensor.name, source.step)
            first = seen.get(key)
            if first is not None and first[1].file.real == source.file.real:
                if replace(first[0], place="") != replace(info, place=""):
                    told = f"{info.place}: {info.tensor_name!r} stands twice; it is shown once."
                    self.tell(run, config.file.path, told, "warning")
                continue
            seen[key] = (info, source)
            sources.append(source)
        return sources

    def _mark(self, config: Config, info: Info) -> None:
        for named in (info.metadata_path, info.image_path, info.bookmarks_path):
            if named:
                self.used.add(Path(config.base / named))

    def file(self, config: Config, named: str, info: Info, run: str) -> File | None:
        """Return the file that an entry names, or tell why there is none."""
        try:
            real = resolve_inside(self.root, config.base, named, by=config.file.path)
            return self.files.get(real) or self._file(config, real)
        except LoadError as error:
            place = f"{info.place}, tensor {info.tensor_name!r}: "
            self.tell(run, config.file.path, place + error.message, "warning")
            return None

    def _file(self, config: Config, real: Path) -> File:
        """Return a file that the walk passed over: hidden, or behind a link to a folder."""
        try:
            status = real.stat()
        except OSError as error:
            raise LoadError(config.file.path, f"{printable(real)!r} is gone: {error}.") from None
        return File(real, self.root, status.st_size, status.st_mtime_ns, {}, real)

    def _source(self, config: Config, info: Info, run: str) -> Source | None:
        file = self.file(config, info.tensor_path, info, run)
        if file is None:
            return None
        self.used.add(file.path)
        try:
            listed = self._listed(file, info)
            tensor = _only(listed, info)
        except LoadError as error:
            place = f"{error.place}: " if error.place else ""
            self.tell(run, file.path, place + error.message, "error")
            return None
        for problem in listed.found.problems:
            self.tell(run, problem.path or file.path, problem.message, problem.severity)
        name, step = torch_tag(info.tensor_name)
        if step is None:
            step = tensor.step if tensor.step is not None else listed.found.step
        aliases = (*tensor.aliases, *({info.tensor_name} - {name, ""}))
        tensor = replace(tensor, name=printable(name) or tensor.name, aliases=aliases)
        source = Source(file, listed.loader, tensor, run, step, named=True)
        if info.tensor_shape and info.tensor_shape != tensor.shape and not tensor.detail:
            told = (
                f"{info.place}: tensor_shape is {' x '.join(map(str, info.tensor_shape))} and the "
                f"file has {' x '.join(map(str, tensor.shape))}; the file is right."
            )
            self.tell(run, config.file.path, told, "warning")
        self.attach(source, config, info, run)
        return source

    def _listed(self, file: File, info: Info) -> Listed:
        kept = self.scanner.list(file)
        shaped = kept is not None and kept.loader.name == "raw-float32" and info.tensor_shape
        if kept is not None and kept.found.tensors and not shaped:
            return kept
        return list_named(file, info.tensor_shape)

    def attach(self, source: Source, config: Config, info: Info, run: str) -> None:
        """Give a source the metadata and pictures that an entry names."""
        source.named = True
        if info.metadata_path:
            source.metadata = self.file(config, info.metadata_path, info, run)
            source.guessed = ""
        if info.image_path:
            source.sprite = self.file(config, info.image_path, info, run)
            self._check_sprite(source, run)
            source.tile = info.tile or (0, 0)
        if info.bookmarks_path:
            source.bookmarks = self._bookmarks(config, info, run)

    def _bookmarks(self, config: Config, info: Info, run: str) -> File | None:
        file = self.file(config, info.bookmarks_path, info, run)
        if file is None:
            return None
        try:
            self.scanner.check_bookmarks(file)
        except LoadError as error:
            place = f"{error.place}: " if error.place else ""
            self.tell(run, file.path, place + error.message, "error")
            return None
        return file

    def _check_sprite(self, source: Source, run: str) -> None:
        if source.sprite is None:
            return
        try:
            reason = refusal(source.sprite.head())
        except LoadError as error:
            reason = error.message
        if reason:
            self.tell(run, source.sprite.path, reason, "error")

    def named_tensors(
        self, configs: list[Config], run_of: Callable[[Path], str], sources: list[Source]
    ) -> None:
        """Match the entries that name no file with the tensors of checkpoints below each config."""
        below: dict[Path, list[Source]] = {config.run_folder: [] for config in configs}
        for source in sources:
            for folder in source.file.path.parents:
                if folder in below:
                    below[folder].append(source)
        # The innermost config knows its tensors best.
        for config in sorted(configs, key=lambda c: -len(c.run_folder.parts)):
            self._match(config, run_of(config.run_folder), below[config.run_folder])

    def _match(self, config: Config, run: str, below: list[Source]) -> None:
        by_name: dict[str, list[Source]] = {}
        for source in below:
            for name in {source.tensor.name, *source.tensor.aliases}:
                by_name.setdefault(comparable_name(name), []).append(source)
        listed = {comparable_name(info.tensor_name) for info in config.infos if info.tensor_name}
        default: Info | None = None
        for info in config.infos:
            if info.tensor_path:
                continue
            if not info.tensor_name:
                default = default or info
                if not info.metadata_path:
                    told = f"{info.place}: names neither a tensor nor a file. It is left out."
                    self.tell(run, config.file.path, told, "warning")
                continue
            matches = by_name.get(comparable_name(info.tensor_name)) or self._by_rows(
                config, info, run, below
            )
            for source in matches:
                self.attach(source, config, info, run)
            if not matches:
                told = (
                    f"{info.place}: no checkpoint below this config holds the tensor "
                    f"{info.tensor_name!r}. Save it there, or correct the name."
                )
                self.tell(run, config.file.path, told, "warning")
        if default is not None:
            self._default(config, default, run, [s for s in below if not s.named], listed)

    def _by_rows(self, config: Config, info: Info, run: str, below: list[Source]) -> list[Source]:
        """Find whom the metadata fits where the name is nobody's.

        Keras 3's callback names a tensor that only Keras 2 would have written.
        """
        file = self.file(config, info.metadata_path, info, run) if info.metadata_path else None
        if file is None:
            return []
        n_lines = self.scanner.n_lines(file)
        fitting = [
            s
            for s in below
            if not s.named and s.tensor.role != "slot" and fits(n_lines, s.n_points)
        ]
        called = [s for s in fitting if s.tensor.role == "embedding"]
        chosen = called or fitting
        if len({s.tensor.name for s in chosen}) != 1:
            return []
        for source in chosen:
            source.notes.append(
                f"{config.file.name} names {info.tensor_name!r}, which is nowhere; its metadata "
                f"has as many rows as {source.tensor.name!r} and was taken for it."
            )
        return chosen

    def _default(
        self, config: Config, info: Info, run: str, sources: list[Source], listed: set[str]
    ) -> None:
        """Give an entry without a name to every tensor of checkpoints that no entry names."""
        file = self.file(config, info.metadata_path, info, run) if info.metadata_path else None
        if file is None:
            return
        n_lines = self.scanner.n_lines(file)
        for source in sources:
            if comparable_name(source.tensor.name) in listed or source.tensor.role == "slot":
                continue
            if fits(n_lines, source.n_points):
                source.metadata = file
                continue
            source.notes.append(
                f"the default metadata {file.name} has {n_lines:,} lines and does not fit "
                f"{source.n_points:,} points; it was left out."
            )

    def _called(self, base: str) -> list[Path]:
        """Return the files of a checkpoint with this name: its index, its shards, or itself."""
        if not self._names:
            self._names = sorted((file.name, path) for path, file in self.files.items())
        first = bisect_left(self._names, (base, Path()))
        found = []
        for name, path in self._names[first:]:
            if not name.startswith(base):
                break
            if name in (base, f"{base}.index") or name.startswith(f"{base}-"):
                found.append(path)
        return found

    def _check_checkpoint(self, config: Config, run: str) -> None:
        """Tell of a checkpoint that is not there. Those that are, are found without being named.

        Absolute paths of another machine are what `Saver` writes; the same name in the config's
        own folder is meant.
        """
        for named, directory in ((config.checkpoint_path, False), (config.checkpoint_dir, True)):
            if not named:
                continue
            base = named.replace("\\", "/").rstrip("/").rpartition("/")[2]
            beside = any(
                path.parent.is_relative_to(config.run_folder) for path in self._called(base)
            )
            if not directory and beside:
                continue
            try:
                _exists(self.root, config, named)
            except LoadError as error:
                self.tell(run, config.file.path, error.message, "warning")


def _exists(root: Path, config: Config, named: str) -> None:
    try:
        resolve_inside(root, config.run_folder, f"{named}.index", by=config.file.path)
    except OutsideError:
        raise
    except LoadError:
        if not (config.run_folder / named).is_dir():
            resolve_inside(root, config.run_folder, named, by=config.file.path)


def _only(listed: Listed, info: Info) -> Tensor:
    matrices = [t for t in listed.found.tensors if t.is_matrix]
    for tensor in matrices:
        if tensor.name == info.tensor_name:
            return tensor
    if len(matrices) == 1:
        return matrices[0]
    there = ", ".join(t.name for t in listed.found.tensors[:5]) or "none"
    raise LoadError(
        listed.file.path,
        f"holds {len(matrices)} matrices, expected the one that {info.tensor_name!r} stands for "
        f"({there}). Name one of them.",
    )
