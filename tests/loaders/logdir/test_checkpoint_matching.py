"""Config entries that name a tensor of a checkpoint, or nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.loaders.logdir.checkpoint_matching import CheckpointMatcher
from projector.loaders.logdir.config_file import Config, Info
from projector.loaders.logdir.sources import Source
from tests.loaders.logdir.reports import Reports, companions_below
from tests.loaders.logdir.sources import source
from tests.loaders.writers import file_with, write

SUFFIX = "/.ATTRIBUTES/VARIABLE_VALUE"


def matcher_below(root: Path, reports: Reports) -> CheckpointMatcher:
    companions = companions_below(root, reports)
    return CheckpointMatcher(root, companions.files, companions.scanner, companions, reports)


def tensor(root: Path, name: str, folder: str = ".", **about: object) -> Source:
    found = source(name, **about)  # type: ignore[arg-type]
    object.__setattr__(found.file, "path", root / folder / "m.index")
    return found


def match(root: Path, sources: list[Source], *infos: Info, folder: str = ".") -> Reports:
    """Apply one config to some tensors; its metadata has four lines."""
    reports = Reports()
    config = Config(file_with(root / folder / "projector_config.pbtxt", "", root=root), infos)
    write(root / folder / "m.tsv", "a\nb\nc\nd\n")
    matcher_below(root, reports).match([config], lambda path: path.name, sources)
    return reports


@pytest.mark.parametrize("named", ["emb", "emb:0", f"emb{SUFFIX}"])
def test_names_of_all_versions_match(tmp_path: Path, named: str) -> None:
    steps = [tensor(tmp_path, "emb", step=step) for step in (1, 2)]
    other = tensor(tmp_path, "other")
    reports = match(tmp_path, [*steps, other], Info(named, metadata_path="m.tsv"))
    assert [bool(each.metadata) for each in (*steps, other)] == [True, True, False]
    assert reports.messages == []


def test_an_alias_matches(tmp_path: Path) -> None:
    found = tensor(tmp_path, "layer/0", aliases=("emb",))
    match(tmp_path, [found], Info("emb", metadata_path="m.tsv"))
    assert found.metadata is not None


def test_an_unknown_tensor_is_reported(tmp_path: Path) -> None:
    reports = match(tmp_path, [tensor(tmp_path, "emb")], Info("typo", place="line 2"))
    (message,) = reports.messages
    assert message.startswith("warning: line 2: no checkpoint below this config contains")
    assert "'typo'" in message


def test_only_tensors_below_the_config_match(tmp_path: Path) -> None:
    below, above = tensor(tmp_path, "emb", "run/deep"), tensor(tmp_path, "emb", ".")
    match(tmp_path, [below, above], Info("emb", metadata_path="m.tsv"), folder="run")
    assert (bool(below.metadata), bool(above.metadata)) == (True, False)


def test_the_innermost_config_is_applied_first(tmp_path: Path) -> None:
    reports = Reports()
    found = tensor(tmp_path, "emb", "run")
    write(tmp_path / "m.tsv", "a\nb\nc\nd\n")
    write(tmp_path / "run" / "inner.tsv", "a\nb\nc\nd\n")
    outer, inner = (
        Config(file_with(tmp_path / folder / "projector_config.pbtxt", "", root=tmp_path), infos)
        for folder, infos in (
            (".", (Info(metadata_path="m.tsv"),)),
            ("run", (Info("emb", metadata_path="inner.tsv"),)),
        )
    )
    matcher_below(tmp_path, reports).match([outer, inner], str, [found])
    assert found.metadata is not None
    assert found.metadata.name == "inner.tsv"


def test_metadata_of_an_unknown_name_goes_to_the_one_embedding_it_fits(tmp_path: Path) -> None:
    fitting = tensor(tmp_path, "emb", role="embedding")
    weight, slot = tensor(tmp_path, "weight"), tensor(tmp_path, "slot", role="slot")
    reports = match(tmp_path, [weight, slot, fitting], Info("keras/emb", metadata_path="m.tsv"))
    assert [bool(s.metadata) for s in (weight, slot, fitting)] == [False, False, True]
    assert "which does not exist" in fitting.warnings[0]
    assert reports.messages == []


@pytest.mark.parametrize("rows", [[4, 4], [9, 9]])
def test_metadata_of_an_unknown_name_is_not_guessed(tmp_path: Path, rows: list[int]) -> None:
    two = [
        tensor(tmp_path, f"emb{n}", role="embedding", rows=n_rows) for n, n_rows in enumerate(rows)
    ]
    reports = match(tmp_path, two, Info("none", metadata_path="m.tsv"))
    assert [each.metadata for each in two] == [None, None]
    assert "contains the tensor 'none'" in reports.messages[0]


def test_two_entries_of_one_name_are_told_apart_by_their_rows(tmp_path: Path) -> None:
    first = tensor(tmp_path, "layer-0", role="embedding", rows=4)
    second = tensor(tmp_path, "layer-1", role="embedding", rows=6)
    write(tmp_path / "six.tsv", "x\n" * 6)
    infos = (Info("layer-0", metadata_path="six.tsv"), Info("layer-0", metadata_path="m.tsv"))
    for each in (infos, infos[::-1]):
        first.named = second.named = False
        first.metadata = second.metadata = None
        reports = match(tmp_path, [first, second], *each)
        assert [s.metadata.name if s.metadata else None for s in (first, second)] == [
            "m.tsv",
            "six.tsv",
        ]
        assert all("is named twice" in message for message in reports.messages)


def test_a_second_table_that_fits_nothing_is_said_to_be_unused(tmp_path: Path) -> None:
    found = tensor(tmp_path, "emb", role="embedding", rows=4)
    write(tmp_path / "seven.tsv", "x\n" * 7)
    reports = match(
        tmp_path,
        [found],
        Info("emb", metadata_path="m.tsv"),
        Info("emb", metadata_path="seven.tsv", place="line 9"),
    )
    assert found.metadata is not None
    assert found.metadata.name == "m.tsv"
    assert any(m.startswith("warning: line 9") and "fits no tensor" in m for m in reports.messages)


def test_an_entry_without_a_name_is_the_default(tmp_path: Path) -> None:
    named, fits, short, slot = (
        tensor(tmp_path, "named", rows=4),
        tensor(tmp_path, "fits", rows=4),
        tensor(tmp_path, "short", rows=2),
        tensor(tmp_path, "slot", rows=4, role="slot"),
    )
    reports = match(
        tmp_path, [named, fits, short, slot], Info(metadata_path="m.tsv"), Info("named")
    )
    assert [bool(s.metadata) for s in (named, fits, short, slot)] == [False, True, False, False]
    assert short.warnings == [
        "the default metadata m.tsv has 4 lines, which does not fit 2 points. It is not used."
    ]
    assert reports.messages == []


def test_an_entry_without_anything_is_reported(tmp_path: Path) -> None:
    reports = match(tmp_path, [tensor(tmp_path, "emb")], Info(place="line 1"))
    assert reports.messages == [
        "warning: line 1: names neither a tensor nor a file. It is ignored."
    ]


@pytest.mark.parametrize(
    ("path", "folder", "missing"),
    [
        ("m.ckpt-7", "", False),
        ("/home/else/where/m.ckpt-7", "", False),
        ("C:\\runs\\m.ckpt-7", "", False),
        ("m.ck", "", True),
        ("m.ckpt-8", "", True),
        ("../m.ckpt-8", "", True),
        ("old.ckpt", "", False),
        ("", "ckpts", False),
        ("", "none", True),
    ],
)
def test_a_missing_checkpoint_is_reported(
    tmp_path: Path, path: str, folder: str, missing: bool
) -> None:
    write(tmp_path / "m.ckpt-7.index")
    write(tmp_path / "old.ckpt-00000-of-00002")
    write(tmp_path / "ckpts" / "x")
    file = file_with(tmp_path / "projector_config.pbtxt", "", root=tmp_path)
    reports = Reports()
    matcher_below(tmp_path, reports).check_path(Config(file, (), path, folder), "run")
    assert [each.startswith("warning: ") for each in reports.messages] == [True] * missing
