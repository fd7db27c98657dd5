"""The command for agents."""

from __future__ import annotations

from importlib.util import find_spec

import click

from projector.commands.parts import logdirs_option, say, shown_of
from projector.errors import ProjectorError


@click.command("mcp")
@logdirs_option("Log directory or file; repeatable, as for a server. Default: the demo data.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="Port of the page that a person may open beside; 0 selects a free one.",
)
@click.option(
    "--allow-changes",
    is_flag=True,
    help="Let the agent select points in open pages. Without it, it can only read.",
)
def mcp_command(logdirs: tuple[str, ...], port: int, allow_changes: bool) -> None:
    """Let an agent look into LOGDIR, by the Model Context Protocol on standard input and output.

    Needs `pip install 'projector[mcp]'`. The page is served, too, on this machine alone; its
    address is written to standard error, and pages see what is selected.
    """
    import projector

    if find_spec("mcp") is None:
        raise ProjectorError(
            "`projector mcp` needs the package mcp. Install it with: pip install 'projector[mcp]'"
        )
    try:
        from projector.agents.protocol import protocol_server
    except ImportError as error:
        raise ProjectorError(
            f"The installed version of mcp does not fit ({error}). Install the right one with: "
            "pip install --upgrade 'projector[mcp]'"
        ) from error
    with projector.serve(shown_of(logdirs), port=port) as server:
        say(f"the page is at {server.url}")
        protocol_server(server, allow_changes=allow_changes).run("stdio")


COMMANDS = (mcp_command,)
