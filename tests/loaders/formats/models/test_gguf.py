"""GGUF models: tensors of every type, their tokens, and headers that lie."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.models.gguf import Gguf
from projector.loaders.formats.models.gguf_blocks import KINDS, dequantized
from tests.fixtures.make_formats import table, words
from tests.loaders.formats.fixture_files import FILES, columns, fixture_file, listed, loaded
from tests.loaders.writers import file_with

BLOCKS = np.load(FILES.parent / "gguf_blocks.npz")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_blocks_are_converted_as_by_the_reference(kind: str) -> None:
    raw, values = BLOCKS[f"{kind}.raw"], BLOCKS[f"{kind}.values"]
    np.testing.assert_array_equal(dequantized(kind, raw.reshape(-1)), values.reshape(-1))


def test_more_blocks_than_are_converted_at_a_time() -> None:
    raw = np.tile(BLOCKS["Q8_0.raw"].reshape(-1), 20_000)
    values = dequantized("Q8_0", raw).reshape(20_000, -1)
    np.testing.assert_array_equal(values[[0, 8_191, 8_192, 19_999]], values[[1, 2, 3, 4]])


def test_embeddings_have_their_tokens() -> None:
    file = fixture_file("models/small.gguf")
    data = loaded(file, "token_embd.weight")
    np.testing.assert_array_equal(data.values, table(10, 32))
    assert columns(data) == {"token": words(10)}
    roles = {each.name: (each.role, each.labeled) for each in listed(file).tensors}
    assert roles["token_embd.weight"] == ("embedding", True)
    assert roles["blk.0.F16.weight"] == ("weight", False)


def test_padding_has_no_token_and_quantized_numbers_are_told() -> None:
    data = loaded(fixture_file("models/small.gguf"), "output.weight")
    np.testing.assert_allclose(data.values, table(12, 32), atol=0.02)
    assert columns(data)["token"] == [*words(10), None, None]
    assert data.warnings == (
        "its numbers are stored as Q8_0, so they are rounded.",
        "it has 12 rows for 10 tokens: the others are padding.",
    )


@pytest.mark.parametrize("kind", ["F16", "F64", "I16", "BF16"])
def test_every_plain_type_is_read(kind: str) -> None:
    data = loaded(fixture_file("models/small.gguf"), f"blk.0.{kind}.weight")
    expected = table(4, 8).astype(np.int16) if kind == "I16" else table(4, 8)
    np.testing.assert_array_equal(data.values, expected)
    assert columns(data) == {}


def text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def model(
    *weights: tuple[str, tuple[int, ...], int, int],
    metadata: dict[str, bytes] | None = None,
    data: bytes = b"",
    version: int = 3,
) -> bytes:
    """Write a model: name, dimensions as the file has them, type and offset of each weight."""
    entries = metadata or {}
    out = b"GGUF" + struct.pack("<IQQ", version, len(weights), len(entries))
    out += b"".join(text(key) + value for key, value in entries.items())
    for name, sizes, kind, offset in weights:
        out += text(name) + struct.pack("<I", len(sizes)) + struct.pack(f"<{len(sizes)}Q", *sizes)
        out += struct.pack("<IQ", kind, offset)
    return out.ljust(-(-len(out) // 32) * 32, b"\0") + data


def array(kind: int, *values: bytes) -> bytes:
    return struct.pack("<IIQ", 9, kind, len(values)) + b"".join(values)


def test_metadata_of_every_kind_is_passed_over(tmp_path: Path) -> None:
    entries = {
        "a": struct.pack("<If", 6, 1.0),
        "b": struct.pack("<I?", 7, True),
        "c": struct.pack("<Id", 12, 1.0),
        "d": array(5, struct.pack("<i", 1), struct.pack("<i", 2)),
        "e": array(9, array(8, text("x"))[4:], array(4, struct.pack("<I", 3))[4:]),
        "tokenizer.ggml.tokens": array(8, text("â"), text("b")),
    }
    content = model(("token_embd.weight", (3, 2), 0, 0), metadata=entries, data=bytes(24))
    data = loaded(file_with(tmp_path / "m.gguf", content), "token_embd.weight")
    assert columns(data) == {"token": ["â", "b"]}


def test_files_of_the_other_byte_order_are_read(tmp_path: Path) -> None:
    head = b"GGUF" + struct.pack(">IQQ", 3, 1, 0) + struct.pack(">Q", 1) + b"e"
    head += struct.pack(">IQQIQ", 2, 2, 3, 0, 0)
    values = np.arange(6, dtype=">f4")
    content = head.ljust(-(-len(head) // 32) * 32, b"\0") + values.tobytes()
    data = loaded(file_with(tmp_path / "m.gguf", content), "e")
    np.testing.assert_array_equal(data.values, values.reshape(3, 2))


def test_types_that_are_not_read_are_one_line_with_the_command(tmp_path: Path) -> None:
    weights = [("token_embd.weight", (256, 2), 17, 0), ("blk.1.weight", (256, 2), 77, 0)]
    content = model(*weights, ("blk.0.norm", (4, 1), 0, 0), data=bytes(200))
    found = listed(file_with(tmp_path / "big model.gguf", content))
    (problem,) = found.problems
    assert problem.severity == "warning"
    assert "2 tensors are quantized as IQ2_XS, type 77, token_embd.weight among them" in (
        problem.message
    )
    assert "llama-quantize --allow-requantize" in problem.message
    assert [each.name for each in found.tensors] == ["blk.0.norm"]


@pytest.mark.parametrize(
    ("weight", "size"),
    [
        (("far", (2, 2), 0, 1 << 40), 16),
        (("large", (1 << 40, 1 << 20), 0, 0), 16),
        (("cut", (2, 2), 0, 0), 15),
        (("blocks", (33, 2), 8, 0), 200),
    ],
)
def test_a_tensor_past_the_end_costs_itself_only(tmp_path: Path, weight: Any, size: int) -> None:
    content = model(weight, ("good", (1, 1), 0, 0), data=bytes(size))
    found = listed(file_with(tmp_path / "m.gguf", content))
    assert [each.name for each in found.tensors] == ["good"]
    (problem,) = found.problems
    assert f"tensor {weight[0]!r}" in problem.message
    assert "does not fit" in problem.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (model(version=1), "the version 1, expected 2 or 3"),
        (model()[:20], "bytes are needed"),
        (model(), "without tensors"),
        (model(("x", (1,) * 9, 0, 0)), "a tensor of 9 dimensions"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 1 << 60), "bytes are needed"),
        (model(metadata={"a": struct.pack("<I", 99)}), "unknown type 99"),
        (model(metadata={"a": struct.pack("<IIQ", 9, 8, 1 << 50)}), "claims"),
        (model(metadata={"a": struct.pack("<IIQ", 9, 4, 1 << 50)}), "bytes are needed"),
        (model(metadata={"general.alignment": struct.pack("<II", 4, 0)}), "the alignment 0"),
        (b"nothing", "cannot be read as GGUF"),
    ],
)
def test_headers_that_lie_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(LoadError, match=message):
        Gguf().list(file_with(tmp_path / "m.gguf", content))
