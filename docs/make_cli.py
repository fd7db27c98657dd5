"""Write docs/cli.md from the commands' own help: ``python docs/make_cli.py``."""

from __future__ import annotations

from pathlib import Path

import click
from click.testing import CliRunner

from projector.cli import main

PAGE = Path(__file__).with_name("cli.md")

_HEAD = """# The command line

The first line on standard output of a serving process is `projector: http://HOST:PORT/…`, once it
accepts connections. Results go to files, lists to standard output, warnings and progress to
standard error. Exit codes: 0, 1 for the data, 2 for usage.

This page is what the commands say of themselves; `python docs/make_cli.py` writes it.
"""


def page() -> str:
    """Return the text of docs/cli.md."""
    parts = [_HEAD]
    for words in [[], *([name] for name in sorted(main.commands))]:
        told = CliRunner().invoke(
            main, [*words, "--help"], prog_name="projector", terminal_width=100
        )
        title = " ".join(["projector", *words])
        parts.append(f"## {title}\n\n```\n{told.output.strip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page())
    click.echo(f"wrote {PAGE.name}")
