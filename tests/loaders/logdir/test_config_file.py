"""Configs in both forms: what they say, and what mistakes cost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from projector.loaders.logdir.config_file import Config, Info, is_config, read_config
from tests.loaders.writers import file_with

PBTXT, JSON = "projector_config.pbtxt", "projector_config.json"


def config(folder: Path, content: bytes | str, name: str = PBTXT) -> Config:
    return read_config(file_with(folder / name, content))


def messages(found: Config) -> list[str]:
    return [problem.message for problem in found.problems]


def test_every_field_of_a_text_config_is_read(tmp_path: Path) -> None:
    found = config(
        tmp_path,
        'model_checkpoint_path: "m.ckpt-7"\nmodel_checkpoint_dir: "ckpts"\n'
        'embeddings {\n tensor_name: "emb:0" tensor_path: "t.bytes" metadata_path: "m.tsv"\n'
        ' bookmarks_path: "b.txt" tensor_shape: [10, 3]\n'
        ' sprite { image_path: "s.png" single_image_dim: [28, 14] }\n}\n'
        "embeddings {}\n",
    )
    first = Info("emb:0", "t.bytes", "m.tsv", "b.txt", (10, 3), "s.png", (28, 14), place="line 3")
    assert found.infos == (first, Info(place="line 8"))
    assert (found.checkpoint_path, found.checkpoint_dir) == ("m.ckpt-7", "ckpts")
    assert found.problems == ()


def test_every_field_of_a_json_config_is_read(tmp_path: Path) -> None:
    entry = {
        "tensorName": "emb", "tensorPath": "t.bytes", "metadataPath": "m.tsv",
        "bookmarksPath": "b.txt", "tensorShape": [10, 3],
        "sprite": {"imagePath": "s.png", "singleImageDim": [28, 14]},
    }  # fmt: skip
    content = {"embeddings": [entry, {}], "modelCheckpointPath": "ckpts/m-7"}
    found = config(tmp_path, "\ufeff" + json.dumps(content), JSON)
    first = Info("emb", "t.bytes", "m.tsv", "b.txt", (10, 3), "s.png", (28, 14), "embeddings[0]")
    assert found.infos == (first, Info(place="embeddings[1]"))
    assert found.checkpoint_path == "ckpts/m-7"
    assert found.problems == ()


def test_a_title_is_not_a_checkpoint(tmp_path: Path) -> None:
    content = {"embeddings": [], "modelCheckpointPath": "Demo datasets"}
    assert config(tmp_path, json.dumps(content), JSON).checkpoint_path == ""


@pytest.mark.parametrize(
    ("content", "n_infos", "message"),
    [
        ("embeddings { tensor_name: a }", 0, "line 1: tensor_name must be a string in quotes"),
        ("embeddings { tensor_path: 5 }", 0, "line 1: tensor_path must be a string in quotes"),
        ("embeddings { tensor_shape: -1 }", 1, "tensor_shape is '-1'; expected a whole number"),
        ("embeddings { tensor_shape: 4294967296 }", 1, "from 0 to 4,294,967,295"),
        ("embeddings { color: 1 }", 1, "the field 'color' is unknown and is ignored"),
        ("embeddings: 5", 0, "the field 'embeddings' has a value of the wrong type"),
        ("embeddings { sprite: 5 }", 1, "the field 'sprite' has a value of the wrong type"),
        ("embeddings { sprite { image_path: 5 } }", 1, "'image_path' has a value of the wrong"),
        (
            'embeddings { tensor_name: "x }',
            0,
            "line 1, column 27: found a string that does not end",
        ),
        (b'embeddings { tensor_name: "\xff" }', 1, "line 1 is not UTF-8. The file was read as"),
        (b'embeddings { tensor_name: "\\377" }', 1, "tensor_name is not UTF-8 and is shown as"),
        (b"\x80\x04\0\xff", 0, "is a binary file"),
    ],
)
def test_mistakes_in_a_text_config(
    tmp_path: Path, content: str | bytes, n_infos: int, message: str
) -> None:
    found = config(tmp_path, content)
    assert len(found.infos) == n_infos
    assert any(message in each for each in messages(found)), messages(found)


@pytest.mark.parametrize(
    ("content", "n_infos", "message"),
    [
        ("{", 0, "line 1, column 2: "),
        ("[]", 0, "has no list 'embeddings'"),
        ('{"embeddings": {}}', 0, "has no list 'embeddings'"),
        ('{"embeddings": [1]}', 0, "embeddings[0] is not an object. It is skipped."),
        ('{"embeddings": [{"tensorName": 5}]}', 1, "embeddings[0].tensorName is not a string"),
        ('{"embeddings": [{"tensorShape": [1.5, 2]}]}', 1, "tensorShape is '1.5'"),
        ('{"embeddings": [{"tensorShape": [true]}]}', 1, "tensorShape is 'True'"),
        ('{"embeddings": [{"tensorShape": [' + "9" * 5000 + "]}]}", 1, "tensorShape is '999"),
        (b'{"embeddings": "\xff"}', 0, "is not UTF-8"),
        ("[" * 100_000, 0, "nested more than 100 deep"),
    ],
)
def test_mistakes_in_a_json_config(
    tmp_path: Path, content: str | bytes, n_infos: int, message: str
) -> None:
    found = config(tmp_path, content, JSON)
    assert len(found.infos) == n_infos
    assert all(info.tensor_shape == () for info in found.infos)
    assert any(message in each for each in messages(found)), messages(found)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (PBTXT, "", True),
        ("other.pbtxt", "embeddings {}", False),
        (JSON, "{}", True),
        ("oss_demo_projector_config.json", "{}", True),
        ("config_projector.json", "{}", True),
        ("any.json", '{"embeddings": [{"tensorPath": "a"}]}', True),
        ("any.json", '{"embeddings": [1, 2]}', False),
        ("config.json", '{"vocab_size": 1}', False),
    ],
)
def test_configs_are_recognized(tmp_path: Path, name: str, content: str, expected: bool) -> None:
    assert is_config(file_with(tmp_path / name, content)) is expected


def test_a_config_of_the_plugin_describes_the_run_above(tmp_path: Path) -> None:
    folder = tmp_path / "run" / "plugins" / "org_tensorflow_tensorboard_projector"
    found = read_config(file_with(folder / PBTXT, "", root=tmp_path))
    assert found.base == folder
    assert found.run_folder == tmp_path / "run"
    alone = read_config(file_with(folder / PBTXT, "", root=folder))
    assert alone.run_folder == folder, "a run is never above the log directory"
