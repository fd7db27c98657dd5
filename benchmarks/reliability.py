"""Tries to break what docs/reliability.md promises, and prints how often each promise held.

``python benchmarks/reliability.py [KIND ...] [--write]``: a kind is a file of benchmarks/faults;
all of them by default. ``--write`` replaces the table in docs/reliability.md, or with kinds their
rows in it.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

from faults.trial import Trial

_FAULTS = Path(__file__).parent / "faults"
_DOCUMENT = Path(__file__).parents[1] / "docs" / "reliability.md"
_BEGIN, _END = "<!-- table: begin -->\n", "<!-- table: end -->\n"
_NO_KINDS = {"__init__", "trial"}


def kinds() -> list[str]:
    """Return the names of all kinds of faults."""
    return sorted({path.stem for path in _FAULTS.glob("*.py")} - _NO_KINDS)


def trials(kind: str) -> tuple[Trial, ...]:
    """Return the trials of one kind."""
    found: tuple[Trial, ...] = importlib.import_module(f"faults.{kind}").TRIALS
    return found


def table(chosen: list[str]) -> tuple[str, bool]:
    """Run the trials of these kinds; return them as a table, and whether all promises held."""
    rows = ["| promise | tried | times | held |", "|---|---|---|---|"]
    every = True
    for kind in chosen:
        for trial in trials(kind):
            start = time.monotonic()
            outcome = trial.run()
            rows.append(
                f"| {trial.promise} | {trial.tried} | {outcome.tried:,} | {outcome.held:,} |"
            )
            seconds = time.monotonic() - start
            print(f"{rows[-1]} {seconds:.1f} s", file=sys.stderr, flush=True)
            for seen in outcome.seen or ():
                print(f"    {seen}", file=sys.stderr)
            every = every and outcome.held == outcome.tried > 0
    return "\n".join(rows) + "\n", every


def _with_rows(table: str, rows: str) -> str:
    """Return a table with some of its rows, which are known by their promises, made again."""
    again = {row.split("|")[1]: row for row in rows.splitlines()[2:]}
    found = [again.pop(row.split("|")[1], row) for row in table.strip().splitlines()]
    return "\n".join([*found, *again.values()]) + "\n"


def main() -> int:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(kinds()))
    parser.add_argument("--write", action="store_true", help="replace the table in the docs")
    given = parser.parse_args()
    unknown = set(given.kinds) - set(kinds())
    if unknown:
        parser.error(f"{', '.join(unknown)}: choose from {', '.join(kinds())}, or all")
    made, every = table(given.kinds or kinds())
    print(made)
    if given.write:
        before, _, rest = _DOCUMENT.read_text().partition(_BEGIN)
        known, _, after = rest.partition(_END)
        if given.kinds:
            made = _with_rows(known, made)
        _DOCUMENT.write_text(before + _BEGIN + "\n" + made + "\n" + _END + after)
    return 0 if every else 1


if __name__ == "__main__":
    sys.exit(main())
