"""The demo data is small, is what its README says, and tells nothing of its makers' machine."""

import re
import socket
from pathlib import Path

import pytest

DEMO_DATA = Path(__file__).resolve().parents[2] / "demo_data"
FILES = sorted(
    path
    for path in DEMO_DATA.rglob("*")
    if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
)
README = (DEMO_DATA / "README.md").read_text("utf-8")
STEPS = README.partition("Steps: ")[2].partition(". ")[0]
N_POINTS = 1797
N_TEST = 899


def read_table(path: Path) -> list[dict[str, str]]:
    header, *rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in FILES) <= 6_000_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DEMO_DATA)))
def test_it_holds_no_path_of_a_machine(path: Path) -> None:
    content = path.read_bytes()
    assert not re.search(rb"/(home|root|tmp|work|Users|usr|var)/|[A-Z]:\\", content)
    # A short host name may well stand somewhere by chance in a megabyte of numbers.
    host = socket.gethostname()
    if len(host) > 5:
        assert host.encode() not in content


def test_event_files_carry_no_host_name() -> None:
    names = [path.name for path in FILES if "tfevents" in path.name]
    assert len(names) == 2
    assert all(re.fullmatch(r"events\.out\.tfevents\.\d+\.digits", name) for name in names)


@pytest.mark.parametrize(
    ("table", "prefix"),
    [("mlp-relu-16/02000/hidden/metadata.tsv", ""), ("cnn-tanh-32/metadata.tsv", "final_")],
)
def test_the_readme_tells_the_true_accuracy(table: str, prefix: str) -> None:
    rows = read_table(DEMO_DATA / table)
    assert len(rows) == N_POINTS
    for row in rows:
        assert (row["label"] == row[f"{prefix}predicted"]) is (row[f"{prefix}correct"] == "yes")
    unseen = [row for row in rows if row["split"] == "test"]
    n_misread = sum(row[f"{prefix}correct"] == "no" for row in unseen)
    assert len(unseen) == N_TEST
    share = 100 * (1 - n_misread / N_TEST)
    assert f"{share:.1f} % ({n_misread} of {N_TEST} misread)" in README


def test_every_step_of_the_first_run_is_whole() -> None:
    steps = [f"{int(step.replace(',', '')):05d}" for step in re.findall(r"[\d,]+\d|\d", STEPS)]
    assert steps == sorted(path.name for path in (DEMO_DATA / "mlp-relu-16").glob("0*"))
    assert len(steps) >= 8
    for step in steps:
        folder = DEMO_DATA / "mlp-relu-16" / step / "hidden"
        lines = (folder / "tensors.tsv").read_text("ascii").splitlines()
        assert {len(line.split("\t")) for line in lines} == {16}
        assert len(lines) == len(read_table(folder / "metadata.tsv")) == N_POINTS
        values = [float(cell) for line in lines for cell in line.split("\t")]
        assert all((value * 256).is_integer() for value in values)
