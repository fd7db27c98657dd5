"""What every format in the registry promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from projector.loaders import LOADERS
from projector.loaders.base import File, Loader
from projector.loaders.logdir.walk import walk
from projector.testing.loaders import it_names_itself, junk_is_passed_over_or_refused

IDS = [loader.name for loader in LOADERS]
DOCS = Path(__file__).parents[2] / "docs" / "formats.md"
#: One small real file for each format that the archive of log directories does not have.
FILES = Path(__file__).parents[1] / "fixtures" / "formats"
NAMES = [
    "x",
    "x.index",
    "x.data-00000-of-00001",
    "checkpoint",
    ".metadata",
    "events.tfevents.1",
    "manifest.ocdbt",
    "x.safetensors.index.json",
    "x.weights.json",
]


def test_names_and_titles_are_unique() -> None:
    assert len(set(IDS)) == len(IDS)
    assert len({loader.title for loader in LOADERS}) == len(LOADERS)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in IDS)


@pytest.mark.parametrize("loader", LOADERS, ids=IDS)
def test_junk_is_passed_over_or_refused(loader: Loader) -> None:
    it_names_itself(loader, [])
    junk_is_passed_over_or_refused(loader, [], NAMES)


@pytest.mark.parametrize("loader", LOADERS, ids=IDS)
def test_every_format_takes_a_real_file(loader: Loader, real_logs: Path) -> None:
    folders = [*walk((real_logs / "real_logs").resolve())[0], *walk(FILES.resolve())[0]]
    files = [file for folder in folders for file in folder.files.values()]
    if loader.name == "raw-float32":
        return  # its shape stands in a config, so it is never listed by itself
    assert any(_taken(loader, file) for file in files)


def _taken(loader: Loader, file: File) -> bool:
    first = next((each for each in LOADERS if each.sniff(file)), None)
    return first is loader


def test_the_small_files_list_and_load() -> None:
    files = [file for folder in walk(FILES.resolve())[0] for file in folder.files.values()]
    assert files
    parts: set[Path] = set()
    without: set[Path] = set()
    for file in files:
        loader = next((each for each in LOADERS if each.sniff(file)), None)
        if loader is None:
            without.add(file.path)
            continue
        found = loader.list(file)
        parts |= {part.path for part in found.parts}
        assert found.tensors, file.name
        for tensor in found.tensors:
            assert loader.load(file, tensor).values.shape == tensor.shape
    assert without <= parts, "they belong to another file, or a loader is missing"


@pytest.mark.parametrize("loader", LOADERS, ids=IDS)
def test_the_documentation_has_a_section_for_it(loader: Loader) -> None:
    text = DOCS.read_text()
    assert f"\n## {loader.title}\n" in text
    section = text.split(f"\n## {loader.title}\n")[1].split("\n## ")[0]
    assert f"`{loader.name}`" in section
    assert all(f"`{suffix}`" in section for suffix in loader.extensions)
