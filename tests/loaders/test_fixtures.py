"""Every public fixture behaves as its manifest demands, each in a process of its own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from projector.loaders.naming import readable_name, split_torch_tag
from tests.loaders.conftest import LOGS, Ask

CASES: list[dict[str, Any]] = json.loads(gzip.decompress((LOGS / "manifest.json.gz").read_bytes()))[
    "cases"
]

#: Where we decided against the manifest's word, and why.
DECIDED = {
    "numpy_files": "strings.npy and structured.npy are no matrices: the error is what is wanted",
    "word_vectors": "gensim.kv is a pickle: refusing it is what its note demands",
    "hostile/config_empty_file": "nothing names t.tsv 'ok'; it is found and called like its file",
    "hostile/config_only_comments": "nothing names t.tsv 'ok'; it is found and called by its file",
    "hostile/config_binary": "nothing names t.tsv 'ok'; it is found and called like its file",
    "hostile/config_many_entries": "its 5,000 entries call t.tsv e0 to e4999, none of them 'ok'",
}
UNNAMED = (
    "hostile/config_empty_file",
    "hostile/config_only_comments",
    "hostile/config_binary",
    "hostile/config_many_entries",
)


def test_every_case_is_here() -> None:
    assert len(CASES) == 292
    assert sum(len(case["tensors"]) for case in CASES) == 811


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any], real_logs: Path, ask: Ask) -> None:
    good = not case["id"].startswith("hostile/")
    wanted = [readable_name(tensor["name"]) for tensor in case["tensors"]]
    result = ask(real_logs / case["path"], wanted=wanted, tensors=good, events=True)
    assert "crash" not in result, result["crash"]
    text = json.dumps(result)
    assert "root:x:0" not in text, "the content of a file outside was read"
    _check_expectation(case, result)
    _check_tensors(case, result)
    _check_metadata(case, result)
    _check_sprites(case, result)
    _check_events(case, result)


def _check_expectation(case: dict[str, Any], result: dict[str, Any]) -> None:
    errors = [p for p in result["problems"] if p[3] == "error"]
    errors += [entry["error"] for entry in result["entries"] if "error" in entry]
    warnings = [p for p in result["problems"] if p[3] == "warning"]
    warnings += [each for entry in result["entries"] for each in entry.get("warnings", ())]
    warnings += [each for file in result["events"].values() for each in file["problems"]]
    if case["expect"] == "ok" and case["id"] not in ("numpy_files", "word_vectors"):
        assert not errors
    if case["expect"] == "error":
        assert errors
    if case["expect"] in ("warn", "warn_or_error"):
        assert errors + warnings
    for problem in result["problems"]:
        assert len(problem[2]) > 20, "a message says what to do"


def _check_tensors(case: dict[str, Any], result: dict[str, Any]) -> None:
    for tensor in case["tensors"]:
        digest, shape = tensor["sha256_f32"], tensor["shape"]
        if digest is None:
            continue  # strings and complex numbers
        if len(shape) != 2 or 0 in shape:
            if "tensors" in result:
                found = [s for _, at, s in result["tensors"] if at == shape]
                assert digest in found, tensor["name"]
            continue
        matches = [e for e in result["entries"] if e.get("sha") == digest and e["shape"] == shape]
        assert matches, f"{tensor['name']} {shape} is not among the entries"
        if case["id"] in UNNAMED:
            continue
        named = [e for e in matches if _is_called(e, tensor["name"])]
        assert named, f"{tensor['name']} is called {[e['name'] for e in matches][:5]}"
        if tensor.get("step") is not None:
            assert tensor["step"] in [e["step"] for e in named]
        if tensor.get("run"):
            assert tensor["run"] in [e["run"] for e in named]
        if tensor.get("slot"):
            assert all(e["role"] == "slot" for e in named)


def _is_called(entry: dict[str, Any], name: str) -> bool:
    tag, step = split_torch_tag(name)
    names = {entry["name"], *entry["aliases"]}
    return (
        name in names
        or readable_name(name) in names
        or (tag in names and entry["step"] == step)
        or any(each.endswith(f"/{readable_name(name)}") for each in names)
    )


def _check_metadata(case: dict[str, Any], result: dict[str, Any]) -> None:
    for table in case["metadata"]:
        for name in table.get("tensors", ()):
            entries = [e for e in result["entries"] if _is_called(e, name) and "columns" in e]
            entries = [e for e in entries if e["path"].endswith(table["path"])] or entries
            assert entries, name
            entry = entries[0]
            if not table["n_rows"]:
                continue
            assert entry["columns"], f"{name} has no metadata"
            if table["header"] and case["id"] != "hostile/meta_utf16":
                assert entry["columns"] == table["header"]
            first = table["first_row"]
            if first is not None:
                first = first if isinstance(first, list) else [first]
                assert [_plain_cell(cell) for cell in entry["first_row"]] == [
                    _plain_cell(cell) for cell in first
                ]


def _plain_cell(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _check_sprites(case: dict[str, Any], result: dict[str, Any]) -> None:
    for sheet in case["sprites"]:
        for name in sheet.get("tensors", ()):
            entry = next(
                e for e in result["entries"] if _is_called(e, name) and e.get("sprite") is not None
            )
            size, tile, n_points = entry["sprite"]
            assert size == sheet["image_size"]
            assert tile == sheet["single_image_dim"]
            assert n_points == sheet["n_images"]
            assert "sprite_error" not in entry


def _check_events(case: dict[str, Any], result: dict[str, Any]) -> None:
    for file in case["events"]:
        found = result["events"][file["path"]]["scalars"]
        for tag, about in file.get("scalars", {}).items():
            steps, values = found[tag]
            assert len(steps) == about["n"]
            if "first" in about:
                assert [steps[0], pytest.approx(values[0])] == about["first"]
            if isinstance(about.get("last"), list):
                assert [steps[-1], pytest.approx(values[-1])] == about["last"]
