"""Files made to crash, block or blow up their reader: one problem each, and the others are read."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from projector.errors import ProjectorError
from projector.loaders import Log, open_logdir
from tests.loaders.hostile_files import BAD, CONFIGS, damaged, fuzz_seeds, good_files

pytestmark = pytest.mark.slow
#: What listing and loading all of them may add to the memory of this process, in MB. The largest
#: file has 99 MB, which are read once.
_MEMORY = 700
#: Random damages of each file.
DAMAGES = 50


def peak_memory() -> float:
    """Return the largest memory of this process so far, in MB."""
    if sys.platform == "win32":
        pytest.skip("Windows does not tell")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def load_all(log: Log) -> Iterator[str]:
    """Load every entry; yield the message of each that cannot be."""
    for entry in log.entries:
        try:
            log.load(entry)
        except ProjectorError as error:
            yield str(error)


def test_bad_files_are_problems_and_good_ones_are_read(tmp_path: Path) -> None:
    good = good_files(tmp_path)
    for name, write, _ in BAD:
        write(tmp_path / name)
    before = peak_memory()
    log = open_logdir(tmp_path)
    refused = list(load_all(log))
    assert peak_memory() - before < _MEMORY
    assert good <= {entry.path for entry in log.entries}
    said = {problem.path: problem.message for problem in log.problems}
    for name, _, part in BAD:
        told = [message for message in refused if message.startswith(name)]
        assert part in said.get(name, "".join(told)), (name, said.get(name), told)
        assert name in said or told, f"{name} was read without a word"


@pytest.mark.parametrize(("name", "write", "part"), CONFIGS, ids=lambda each: str(each)[:20])
def test_a_bad_config_is_a_problem(tmp_path: Path, name: str, write: object, part: str) -> None:
    good = good_files(tmp_path)
    assert callable(write)
    write(tmp_path / name)
    before = peak_memory()
    log = open_logdir(tmp_path)
    assert peak_memory() - before < _MEMORY
    assert good <= {entry.path for entry in log.entries}
    (message,) = {problem.message for problem in log.problems if problem.path == name}
    assert part in message
    assert len(message) < 3000


@pytest.mark.parametrize("number", range(8))
def test_random_damage_costs_the_file_at_most(tmp_path: Path, number: int) -> None:
    seeds = fuzz_seeds(tmp_path)
    assert len(seeds) == 8
    name, raw = list(seeds.items())[number]
    before = peak_memory()
    outcomes: Counter[str] = Counter()
    for seed in range(DAMAGES):
        folder = tmp_path / f"{seed}"
        folder.mkdir()
        (folder / name).write_bytes(damaged(raw, seed))
        log = open_logdir(folder)
        told = [*(problem.message for problem in log.problems), *load_all(log)]
        outcomes["told" if told else "read"] += 1
        assert log.entries or told
        assert not [each for each in told if "unexpected error" in each]
    assert outcomes["told"] > DAMAGES // 4, outcomes
    assert peak_memory() - before < _MEMORY


@pytest.mark.parametrize("name", ["a.parquet", "b.arrow", "a.h5"])
def test_a_native_library_sees_no_file_in_this_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    seeds = fuzz_seeds(tmp_path)
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / name).write_bytes(seeds[name])

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("called in this process")

    for target in ("h5py.File", "pyarrow.parquet.ParquetFile", "pyarrow.ipc.open_file"):
        monkeypatch.setattr(target, refuse)
    log = open_logdir(tmp_path / "one")
    assert log.entries
    assert list(load_all(log)) == []
