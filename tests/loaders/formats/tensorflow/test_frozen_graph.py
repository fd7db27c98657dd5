"""Frozen graphs of TensorFlow: constants are the weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.tensorflow.frozen_graph import FrozenGraph
from projector.loaders.logdir.log import open_logdir
from tests.fixtures.make_formats import table
from tests.loaders.formats.fixture_files import FILES, listed, loaded
from tests.loaders.writers import file_with, message, number, shape_proto

FLOAT, DOUBLE, STRING = 1, 2, 7


def tensor(dtype: int, shape: tuple[int, ...], *more: bytes) -> bytes:
    """Encode a TensorProto."""
    return number(1, dtype) + message(2, shape_proto(shape)) + b"".join(more)


def node(name: str, kind: str, *inputs: str, value: bytes | None = None) -> bytes:
    """Encode a NodeDef."""
    body = message(1, name.encode()) + message(2, kind.encode())
    body += b"".join(message(3, each.encode()) for each in inputs)
    # The type of a constant is an attribute, too.
    attributes = [message(1, b"dtype") + message(2, number(6, 1))]
    if value is not None:
        attributes.append(message(1, b"value") + message(2, message(8, value)))
    return body + b"".join(message(5, each) for each in attributes)


def graph(*nodes: bytes) -> bytes:
    """Encode a GraphDef."""
    return b"".join(message(1, each) for each in nodes)


WIDE = table(2, 2).astype("f8").tobytes()
GOOD = graph(
    node("ids", "Placeholder"),
    node("emb/table", "Const", value=tensor(FLOAT, (5, 3), message(4, table(5, 3).tobytes()))),
    node("emb/table/read", "Identity", "emb/table"),
    node("look", "GatherV2", "emb/table/read", "ids"),
    node("dense", "Const", value=tensor(FLOAT, (3, 2), message(5, table(3, 2).tobytes()))),
    node("wide", "Const", value=tensor(DOUBLE, (2, 2), message(6, WIDE))),
    node("axis", "Const", value=tensor(3, (), number(7, 1))),
    node("names", "Const", value=tensor(STRING, (1, 2), message(8, b"a"), message(8, b"b"))),
)


def test_constants_are_read_as_they_are_stored(tmp_path: Path) -> None:
    file = file_with(tmp_path / "frozen.pb", GOOD)
    roles = {each.name: each.role for each in listed(file).tensors}
    assert roles == {"emb/table": "embedding", "dense": "weight", "wide": "weight"}
    for name, shape in (("emb/table", (5, 3)), ("dense", (3, 2)), ("wide", (2, 2))):
        np.testing.assert_array_equal(loaded(file, name).values, table(*shape))


def test_a_log_directory_shows_a_graph_but_not_the_parts_of_a_saved_model(tmp_path: Path) -> None:
    file_with(tmp_path / "frozen.pb", GOOD)
    for name in ("saved_model.pb", "keras_metadata.pb", "fingerprint.pb"):
        file_with(tmp_path / name, GOOD)
    log = open_logdir(tmp_path)
    assert {entry.path for entry in log.entries} == {"frozen.pb"}
    assert log.entries[0].name == "emb/table"
    assert not log.problems


def test_one_number_for_all_is_told_and_not_shown(tmp_path: Path) -> None:
    zeros = node("zeros", "Const", value=tensor(FLOAT, (4, 4), message(5, bytes(4))))
    found = listed(file_with(tmp_path / "g.pb", graph(zeros) + GOOD))
    (problem,) = found.problems
    assert "'zeros' has 4 bytes, but its shape (4, 4) of float32 takes 64" in problem.message
    assert problem.severity == "warning"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (graph(node("x", "Placeholder")), "without matrices: its weights are elsewhere"),
        (graph(node("x", "Placeholder")) + b"\x0a\xff", "cannot be read as a TensorFlow graph"),
        (graph(node("x", "Const", value=tensor(FLOAT, (1,) * 65))), "a constant has the shape"),
        (graph(node("x", "Const", value=tensor(29, (2, 2)))), "without matrices"),
    ],
)
def test_graphs_without_weights_say_so(tmp_path: Path, content: bytes, reason: str) -> None:
    file = file_with(tmp_path / "g.pb", content)
    assert FrozenGraph().sniff(file)
    with pytest.raises(LoadError, match=reason):
        FrozenGraph().list(file)


@pytest.mark.parametrize("content", [b"", b"text", b"\x08\x07", b"\n\3abc"])
def test_other_files_are_left_alone(tmp_path: Path, content: bytes) -> None:
    assert not FrozenGraph().sniff(file_with(tmp_path / "other.pb", content))


def test_the_fixture_is_this_graph() -> None:
    assert (FILES / "models" / "frozen.pb").read_bytes() == GOOD
