"""The command about plug-ins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from projector.commands.parts import say
from projector.plugins.entry_points import VARIABLE, are_off

if TYPE_CHECKING:
    from projector.plugins.entry_points import Plugin


@click.command("plugins")
@click.option("--check", is_flag=True, help="Import each one, and say which cannot be used.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def plugins_command(check: bool, as_json: bool) -> None:
    """List the plug-ins of installed packages: loaders, methods and panels.

    Nothing is imported without --check. With it, the exit code is 1 if one of them cannot be used.
    PROJECTOR_PLUGINS=0 in the environment leaves all of them out, as --no-plugins does for a
    server.
    """
    from projector.api.panels import failed_plugins, installed_plugins, load_plugins

    if are_off():
        say(f"Plug-ins are switched off by {VARIABLE} in the environment.")
    found = installed_plugins()
    failures = load_plugins() if check else failed_plugins()
    if as_json:
        content = {
            "plugins": [each.describe() for each in found],
            "problems": [each.message for each in failures],
        }
        click.echo(json.dumps(content, indent=2))
    else:
        _print_table(found)
        for failure in failures:
            say(failure.message)
    if failures and check:
        raise SystemExit(1)


def _print_table(found: tuple[Plugin, ...]) -> None:
    rows = [("KIND", "NAME", "PACKAGE", "VERSION", "OBJECT")]
    rows += [(p.kind, p.name, p.distribution, p.version, p.target) for p in found]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        click.echo(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


COMMANDS = (plugins_command,)
