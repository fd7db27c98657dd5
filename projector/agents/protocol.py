"""The tools as a server of the Model Context Protocol, over standard input and output."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from mcp.server.mcpserver import Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from projector.agents.picture import Picture
from projector.agents.tools import Tools
from projector.errors import ProjectorError
from projector.machine.shortages import machine_error
from projector.server.server import Server

_INSTRUCTIONS = """Look into embeddings: what a model has learned, and how that changes.
Begin with list_embeddings. Everywhere run, name and step choose an embedding; left out, the first
one at its last step is meant. Points are rows, from 0. Neighbors and distances are those of the
original space, not of a projection. Results are stored, so asking again costs nothing."""

_READING = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_CHANGING = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def protocol_server(server: Server, *, allow_changes: bool = False) -> MCPServer[Any]:
    """Return a protocol server with the tools on what a server of pages shows.

    Parameters
    ----------
    server : Server
    allow_changes : bool, default=False
        Whether to offer `select`, which changes what people see in their pages. All other tools
        only read; what they compute is stored in the cache of results.
    """
    tools = Tools(server)
    made: MCPServer[Any] = MCPServer(
        "projector", instructions=_INSTRUCTIONS, version=version("projector"), log_level="ERROR"
    )
    reading: tuple[Callable[..., Any], ...] = (
        tools.list_embeddings,
        tools.project,
        tools.neighbors,
        tools.nearest,
        tools.compare,
        tools.health,
        tools.clusters,
        tools.selection,
    )
    for tool in reading:
        made.add_tool(_told(tool), annotations=_READING)
    made.add_tool(_told(_shown(tools)), annotations=_READING, structured_output=False)
    if allow_changes:
        made.add_tool(_told(tools.select), annotations=_CHANGING)
    return made


def _told(tool: Callable[..., Any]) -> Callable[..., Any]:
    """Let our errors be what the agent reads, in their one sentence."""

    @functools.wraps(tool)
    def call(**arguments: Any) -> Any:
        try:
            return tool(**arguments)
        except (ProjectorError, OSError, MemoryError) as error:
            raise ToolError(str(machine_error(error) or error)) from error

    return call


def _shown(tools: Tools) -> Callable[..., Any]:
    """Return the tool that draws, with its picture as the protocol has pictures."""

    @functools.wraps(tools.screenshot)
    def screenshot(**arguments: Any) -> list[Any]:
        about, picture = tools.screenshot(**arguments)
        assert isinstance(picture, Picture)
        return [about, Image(data=picture.png, format="png")]

    return screenshot
