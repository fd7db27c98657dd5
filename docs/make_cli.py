"""Writes docs/cli.md from the help texts of the commands: ``python docs/make_cli.py``."""

from __future__ import annotations

from pathlib import Path

import click
from click.testing import CliRunner

from projector.cli import main

PAGE = Path(__file__).with_name("cli.md")

_HEAD = """# The command line

A server prints `projector: http://HOST:PORT/…` as its first line on standard output, once it
accepts connections. Results go to files, lists to standard output, warnings and progress to
standard error. Exit codes: 0 for success, 1 for errors in the data, 2 for errors in the usage,
141 if nobody reads standard output any more. SIGTERM, SIGHUP and SIGQUIT end a command as
Ctrl-C does.

This page is generated from the help texts of the commands by `python docs/make_cli.py`.
"""


def page() -> str:
    """Return the text of docs/cli.md."""
    parts = [_HEAD]
    for words in [[], *([name] for name in sorted(main.commands))]:
        result = CliRunner().invoke(
            main, [*words, "--help"], prog_name="projector", terminal_width=100
        )
        title = " ".join(["projector", *words])
        parts.append(f"## {title}\n\n```\n{result.output.strip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page())
    click.echo(f"wrote {PAGE.name}")
