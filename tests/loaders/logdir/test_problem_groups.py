"""Problems of one kind are one line with a count; others stay apart."""

from __future__ import annotations

from pathlib import Path

from projector.loaders import open_logdir
from projector.loaders.logdir.problem_groups import grouped
from projector.model.listing import Problem
from tests.loaders.writers import write


def problems(*about: tuple[str, str]) -> list[Problem]:
    return [Problem(".", path, message) for path, message in about]


def test_three_of_a_kind_are_one() -> None:
    found = grouped(
        problems(
            ("a.npy", "has 12 bytes, expected 40. Copy it again."),
            ("x.pt", "is empty."),
            ("b.npy", "has 1,313 bytes, expected 7. Copy it again."),
            ("c.npy", "has 0 bytes, expected 9. Copy it again."),
        )
    )
    assert [each.path for each in found] == ["a.npy", "x.pt"]
    assert found[0].message == (
        "has 12 bytes, expected 40. Copy it again. The same holds for 2 more files: b.npy, c.npy."
    )


def test_many_are_counted_and_some_named() -> None:
    found = grouped(problems(*((f"{n}.pt", f"'t{n}' is lost.") for n in range(40))))
    assert len(found) == 1
    assert "39 more files: 1.pt, 2.pt, 3.pt …" in found[0].message


def test_two_and_those_of_one_file_stay() -> None:
    two = problems(("a.npy", "is empty."), ("b.npy", "is empty."))
    assert grouped(two) == two
    one_file = problems(*(("a.npy", f"member 'm{n}' is damaged.") for n in range(5)))
    assert grouped(one_file) == one_file


def test_another_severity_is_another_kind() -> None:
    mixed = [Problem(".", f"{n}.pt", "is odd.", "warning" if n else "error") for n in range(3)]
    assert grouped(mixed) == mixed


def test_a_listing_has_grouped_problems(tmp_path: Path) -> None:
    for number in range(20):
        write(tmp_path / f"m{number}.npy", b"\x93NUMPY junk" + bytes(number))
    (problem,) = open_logdir(tmp_path).problems
    assert problem.path == "m0.npy"
    assert "19 more files" in problem.message
