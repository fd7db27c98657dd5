"""The tools, asked by the protocol's own client, in memory and over standard streams."""

from __future__ import annotations

import asyncio
import base64
import io
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import projector
from projector.agents.protocol import protocol_server
from projector.cli import main
from projector.server.server import Server
from tests.conftest import DEMO, write_log

mcp = pytest.importorskip("mcp", reason="the extra `mcp` is not installed")

READING = {
    "list_embeddings",
    "project",
    "neighbors",
    "nearest",
    "compare",
    "health",
    "clusters",
    "selection",
    "screenshot",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(6, 12)) * 4
    vectors = (centers[np.arange(300) % 6] + rng.normal(size=(300, 12))).astype(np.float32)
    moved = vectors.copy()
    moved[:20] = rng.normal(size=(20, 12)) * 30
    folder = tmp_path_factory.mktemp("logs") / "runs"
    write_log(folder / "a", vectors, step=0)
    write_log(folder / "a", moved, step=10)
    with projector.serve(folder, port=0) as made:
        yield made


def finished(call: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a conversation in a thread of its own: this one may have an event loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(call())).result()


def ask(server: Server, tool: str, *, allow_changes: bool = False, **arguments: Any) -> Any:
    """Call a tool by the protocol's client; return its result as it came."""

    async def call() -> Any:
        async with mcp.Client(protocol_server(server, allow_changes=allow_changes)) as client:
            return await client.call_tool(tool, arguments)

    return finished(call)


def answer(server: Server, tool: str, **arguments: Any) -> Any:
    """Call a tool; return what it answered."""
    result = ask(server, tool, **arguments)
    assert not result.is_error, result.content[0].text
    return result.structured_content


def listed(server: Server, *, allow_changes: bool) -> dict[str, Any]:
    async def call() -> Any:
        async with mcp.Client(protocol_server(server, allow_changes=allow_changes)) as client:
            return await client.list_tools()

    return {tool.name: tool for tool in finished(call).tools}


def test_without_being_asked_all_tools_only_read(server: Server) -> None:
    tools = listed(server, allow_changes=False)
    assert tools.keys() == READING
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert ask(server, "select", rows=[1]).is_error
    changing = listed(server, allow_changes=True)
    assert changing.keys() - tools.keys() == {"select"}
    assert not changing["select"].annotations.read_only_hint


def test_every_tool_and_argument_says_what_it_is(server: Server) -> None:
    for tool in listed(server, allow_changes=True).values():
        assert len(tool.description) > 40, tool.name
        for name, schema in tool.input_schema["properties"].items():
            assert schema.get("description"), f"{tool.name}: {name}"


def test_the_listing_has_steps_and_the_page(server: Server) -> None:
    found = answer(server, "list_embeddings")
    (tensor,) = found["embeddings"]
    assert (tensor["run"], tensor["steps"], tensor["n_points"]) == ("a", [0, 10], 300)
    assert found["page"] == server.url
    assert found["problems"] == []


def test_a_projection_gives_positions_of_the_rows(server: Server) -> None:
    found = answer(server, "project", method="pca", params={"n_components": 3}, rows=[0, 299])
    assert found["step"] == 10
    assert found["params"]["n_components"] == 3
    assert [len(each) for each in found["positions"].values()] == [3, 3]
    entry = server.session.listing.entries[-1]
    same = projector.project(server.session.dataset(entry.id).data, "pca", n_components=3)
    np.testing.assert_allclose(found["positions"]["299"], same.positions[299])


def test_neighbors_are_those_of_the_original_space(server: Server) -> None:
    found = answer(server, "neighbors", point=7, step=0, k=5)
    data = server.session.dataset(server.session.listing.entries[0].id).data
    true = projector.nearest(data, 7, 5, metric="euclidean")
    assert [each["row"] for each in found["neighbors"]] == true.indices.tolist()
    assert found["point"]["metadata"]["label"] == "b"


def test_nearest_takes_labels_rows_and_vectors(server: Server) -> None:
    by_label = answer(server, "nearest", query="a - b + c", step=0, k=3)
    assert len(by_label["nearest"]) == 3
    by_rows = answer(server, "nearest", query=[0, 6], step=0, k=3)
    assert all(each["metadata"]["label"] == "a" for each in by_rows["nearest"])
    data = server.session.dataset(server.session.listing.entries[0].id).data
    vector = [float(each) for each in data.vectors[11]]
    by_vector = answer(server, "nearest", query=vector, step=0, k=1)
    assert by_vector["nearest"][0]["row"] == 11


def test_a_comparison_names_what_changed(server: Server) -> None:
    found = answer(server, "compare", step=0, other_step=10)
    assert found["summary"]["n_compared"] == 300
    assert {each["row"] for each in found["changed"][:15]} <= set(range(20))
    same = ask(server, "compare", step=0, other_step=0)
    assert same.is_error
    assert "the same embedding" in same.content[0].text


def test_health_and_clusters_answer(server: Server) -> None:
    health = answer(server, "health", step=0, labels="label")
    assert health["step"] == 0
    assert isinstance(health["alarms"], list)
    clusters = answer(server, "clusters", step=0, min_cluster_size=20)
    assert clusters["levels"][-1]["n_clusters"] == 6
    assert clusters["levels"][-1]["clusters"][0]["size"] > 20


def test_a_screenshot_is_a_picture_of_all_points(server: Server) -> None:
    result = ask(server, "screenshot", method="pca", step=0, width=400, height=300)
    about, image = result.content
    assert '"n_drawn": 300' in about.text
    assert image.mime_type == "image/png"
    picture = Image.open(io.BytesIO(base64.b64decode(image.data))).convert("RGB")
    assert picture.size == (400, 300)
    colors = {tuple(color) for color in np.asarray(picture).reshape(-1, 3).tolist()}
    # Six categories in the page's own colors.
    assert {(0x20, 0x47, 0xB0), (0x0B, 0x88, 0x5E)} <= colors


def test_select_is_seen_by_the_page_and_read_back(server: Server) -> None:
    made = answer(server, "select", allow_changes=True, rows=[3, 1, 2], step=0)
    assert made["n_selected"] == 3
    assert server.selection.indices.tolist() == [1, 2, 3]
    now = answer(server, "selection")
    assert now["rows"] == [1, 2, 3]
    assert [each["metadata"]["label"] for each in now["points"]] == ["b", "c", "d"]
    server.select([])


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("project", {"method": "pcaa"}, "Did you mean 'pca'"),
        ("project", {"method": "pca", "params": {"n_components": 9}}, "n_components"),
        ("project", {"method": "pca", "rows": [300]}, "Rows are 0 to 299. Got 300."),
        ("neighbors", {"point": 300}, "Rows are 0 to 299. Got 300."),
        ("nearest", {"query": "zebra"}, "zebra"),
        ("health", {"run": "nothing"}, "Unknown run 'nothing'"),
        ("screenshot", {"width": 9}, "'width' must be 200 to 2,000"),
        ("screenshot", {"color_by": "colour"}, "colour"),
    ],
)
def test_an_error_is_the_sentence_that_people_get(
    server: Server, tool: str, arguments: dict[str, Any], message: str
) -> None:
    result = ask(server, tool, **arguments)
    assert result.is_error
    assert message in result.content[0].text


@pytest.mark.slow
def test_the_command_speaks_over_standard_streams() -> None:
    async def call() -> Any:
        command = ["-m", "projector", "mcp", "--logdir", str(DEMO)]
        parameters = mcp.StdioServerParameters(command=sys.executable, args=command, cwd=Path.cwd())
        async with mcp.Client(mcp.stdio_client(parameters)) as client:
            tools = await client.list_tools()
            return tools, await client.call_tool("list_embeddings", {})

    tools, found = finished(call)
    assert {tool.name for tool in tools.tools} == READING
    runs = {each["run"] for each in found.structured_content["embeddings"]}
    assert "mlp-relu-16" in runs


def test_a_missing_or_older_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    monkeypatch.delitem(sys.modules, "projector.agents.protocol")
    found = CliRunner().invoke(main, ["mcp", "--logdir", str(DEMO)])
    assert found.exit_code == 1
    assert "The installed version of mcp does not fit" in found.stderr
    monkeypatch.setattr("projector.commands.agents.find_spec", lambda _: None)
    found = CliRunner().invoke(main, ["mcp"])
    assert found.exit_code == 1
    assert "pip install 'projector[mcp]'" in found.stderr
