"""The parser of protobuf text against the library's own, and where the library gives up."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import (  # type: ignore[import-untyped]
    descriptor_pb2,
    descriptor_pool,
    message_factory,
    text_format,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from projector.loaders.decoders import pbtxt
from projector.loaders.decoders.pbtxt import Message, parse

TOP = frozenset({"embeddings", "model_checkpoint_path", "model_checkpoint_dir"})


def config_class() -> Any:
    """Return the message class of projector_config.proto, built by hand."""
    file = descriptor_pb2.FileDescriptorProto(name="p.proto", package="p", syntax="proto3")
    kinds = descriptor_pb2.FieldDescriptorProto

    def add(name: str, fields: list[tuple[str, int, Any, bool, str]]) -> None:
        message = file.message_type.add(name=name)
        for field_name, number, kind, repeated, type_name in fields:
            field = message.field.add(name=field_name, number=number, type=kind)
            field.label = kinds.LABEL_REPEATED if repeated else kinds.LABEL_OPTIONAL
            if type_name:
                field.type_name = type_name

    text, count, inner = kinds.TYPE_STRING, kinds.TYPE_UINT32, kinds.TYPE_MESSAGE
    add("Sprite", [("image_path", 1, text, False, ""), ("single_image_dim", 2, count, True, "")])
    texts = [("tensor_name", 1), ("metadata_path", 2), ("bookmarks_path", 3), ("tensor_path", 6)]
    add(
        "Info",
        [(name, number, text, False, "") for name, number in texts]
        + [
            ("tensor_shape", 4, count, True, ""),
            ("sprite", 5, inner, False, ".p.Sprite"),
        ],
    )
    add(
        "Config",
        [
            ("model_checkpoint_path", 1, text, False, ""),
            ("embeddings", 2, inner, True, ".p.Info"),
            ("model_checkpoint_dir", 3, text, False, ""),
        ],
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("p.Config"))


CONFIG = config_class()
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
COUNTS = st.lists(st.integers(0, 2**32 - 1), max_size=3)


@st.composite
def configs(draw: st.DrawFn) -> Any:
    config = CONFIG(model_checkpoint_path=draw(WORDS))
    for _ in range(draw(st.integers(0, 3))):
        info = config.embeddings.add(tensor_name=draw(WORDS), metadata_path=draw(WORDS))
        info.tensor_shape.extend(draw(COUNTS))
        if draw(st.booleans()):
            info.sprite.image_path = draw(WORDS)
            info.sprite.single_image_dim.extend(draw(COUNTS))
    return config


def as_lists(message: Message) -> list[tuple[str, Any]]:
    return [
        (name, as_lists(value) if isinstance(value, Message) else value)
        for name, value, _ in message.fields
    ]


def listed(proto: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for field, value in proto.ListFields():
        repeated = field.is_repeated
        for each in value if repeated else [value]:
            found.append((field.name, listed(each) if field.message_type else each))
    return found


@settings(max_examples=100, deadline=None)
@given(config=configs(), one_line=st.booleans(), utf8=st.booleans())
def test_what_the_library_writes_is_read_as_it_reads_it(
    config: Any, one_line: bool, utf8: bool
) -> None:
    text = text_format.MessageToString(config, as_one_line=one_line, as_utf8=utf8)
    whole, mistakes = parse(text, top=TOP)
    assert mistakes == []
    again = listed(text_format.Parse(text, CONFIG()))
    assert sorted(as_lists(whole), key=repr) == sorted(again, key=repr)


@pytest.mark.parametrize(
    "text",
    [
        "embeddings: < tensor_name: 'a' ; tensor_shape: [1, 2] >",
        'embeddings [{ tensor_name: "a" }, { tensor_name: "b" }]',
        'embeddings { tensor_name: "con" "cat" \'enated\' }  # comment',
        "embeddings { tensor_shape: 0x10 tensor_shape: 017 tensor_shape: 9 }",
        r'embeddings { tensor_name: "\303\251\x41\t\"\\ \u00e9" }',
        'embeddings { tensor_shape: [] tensor_name: "x", }',
    ],
)
def test_every_spelling_means_what_the_library_says(text: str) -> None:
    whole, mistakes = parse(text, top=TOP)
    assert mistakes == []
    found = sorted(as_lists(whole), key=repr)
    assert found == sorted(listed(text_format.Parse(text, CONFIG())), key=repr)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('embeddings { tensor_name: "a\nb" }', (1, 27)),
        ("embeddings { tensor_name 5 }", (1, 26)),
        ("embeddings { tensor_name: }", (1, 27)),
        ("embeddings { {", (1, 14)),
        ("} ", (1, 1)),
        ('embeddings { tensor_name: "say "hi"" }', (1, 35)),
    ],
)
def test_a_mistake_has_a_place_and_costs_one_entry(text: str, place: tuple[int, int]) -> None:
    good = 'embeddings { tensor_name: "good" }\n'
    whole, mistakes = parse(f"{text}\n{good}{good}", top=TOP)
    assert (mistakes[0].line, mistakes[0].column) == place
    assert len([name for name, _, _ in whole.fields if name == "embeddings"]) == 2


def test_depth_costs_no_call_frames() -> None:
    deep = "embeddings { " + "x { " * 20_000 + "} " * 20_000 + "}\nembeddings { tensor_name: 'a' }"
    whole, mistakes = parse(deep, top=TOP)
    assert mistakes == []
    assert len(whole.fields) == 2


def test_no_token_is_read_twice_whatever_the_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    n_tokens = 0
    read_token = pbtxt._Reader.next

    def counting(reader: pbtxt._Reader) -> None:
        nonlocal n_tokens
        n_tokens += 1
        read_token(reader)

    monkeypatch.setattr(pbtxt._Reader, "next", counting)
    _, mistakes = parse("embeddings { ] }\n" * 1000, top=TOP)
    assert len(mistakes) == 1000
    assert n_tokens <= 4 * 1000


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("embdings{}<>[]:;,\"'\\ \n#ax0-.1"), max_size=60))
def test_any_text_ends_in_fields_or_mistakes(text: str) -> None:
    parse(text, top=TOP)
