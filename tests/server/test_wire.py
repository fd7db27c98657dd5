from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from projector.errors import ParameterError
from projector.server.wire import read_selection
from tests.server.golden import DATASET, FOLDER, golden

WIRE = (Path(__file__).resolve().parents[2] / "docs" / "wire.md").read_text()


@pytest.mark.parametrize("name", sorted(golden()))
def test_the_wire_is_what_the_golden_files_say(name: str) -> None:
    assert (FOLDER / name).read_bytes() == golden()[name], (
        "The wire has changed. If that is meant: change docs/wire.md and the page's reader, then "
        "run python -m tests.server.golden"
    )


def test_a_frame_has_the_documented_layout() -> None:
    frames = golden()["frames.bin"]
    assert int.from_bytes(frames[0:4], "little") == 24  # 3 points of 2 float32
    assert int.from_bytes(frames[4:8], "little") == 7
    assert frames[8:12] == b"\x00\x00\x80\x3e"  # 0.25
    assert (frames[12], frames[13]) == (1, 2)
    assert int.from_bytes(frames[14:16], "little") == 0
    quiet = frames[40:56]
    assert quiet == bytes(12) + b"\x01\x00\x02\x00"
    assert int.from_bytes(frames[70:72], "little") == 1


@pytest.mark.parametrize("name", ["selection-rows.bin", "selection-bits.bin"])
def test_a_selection_has_the_documented_layout(name: str) -> None:
    body = golden()[name]
    about = json.loads(golden()["wire.json"])[name]
    assert int.from_bytes(body[0:4], "little") == 7
    assert int.from_bytes(body[4:8], "little") == about["nPoints"]
    assert int.from_bytes(body[8:12], "little") == len(about["rows"])
    assert (body[12], body[13]) == (1 if "rows" in name else 2, 2)
    assert body[14:16] == b"\0\0"
    assert body[16:24].hex() == DATASET
    if body[12] == 1:
        assert body[24:] == b"".join(row.to_bytes(4, "little") for row in about["rows"])
    else:
        bits = sum(1 << row for row in about["rows"])
        assert body[24:] == bits.to_bytes(3, "little")


@pytest.mark.parametrize("name", ["selection-rows.bin", "selection-bits.bin"])
def test_a_page_s_selection_is_read_as_it_was_written(name: str) -> None:
    about = json.loads(golden()["wire.json"])[name]
    sent = read_selection(golden()[name])
    assert (sent.dataset_id, sent.n_points) == (DATASET, about["nPoints"])
    assert sent.rows.tolist() == about["rows"]


def test_invalid_selections_are_refused() -> None:
    rows, bits = golden()["selection-rows.bin"], golden()["selection-bits.bin"]
    broken = [
        b"",
        rows[:23],
        rows[:-1],
        rows + b"\0",
        rows[:12] + b"\3" + rows[13:],
        rows[:24] + rows[28:32] + rows[24:28] + rows[32:],  # not ascending
        rows[:4] + (1700).to_bytes(4, "little") + rows[8:],  # a row that is not there
        bits[:8] + b"\x08" + bits[9:],  # another count than bits
        bits[:-1] + b"\xff",  # bits beyond the last point
        bits[:4] + b"\xff\xff\xff\xff" + bits[8:],
    ]
    for body in broken:
        with pytest.raises(ParameterError):
            read_selection(body)
    with pytest.raises(ParameterError, match="header of 24 bytes"):
        read_selection(b"short")


def test_every_route_is_documented() -> None:
    from projector.api.session.session import Session
    from projector.server.application import create_app

    app = create_app(Session.__new__(Session))
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1"):
            path = re.sub(r"<any\(pause, resume\):action>", "pause", rule.rule[len("/api/v1") :])
            path = re.sub(r"<any\(comparisons, .*\):kind>", "KIND", path)
            if path.startswith(("/KIND/", "/comparisons/", "/series/")):
                path = path.replace("<key>", "X").replace("<int:point>", "I")
                path = path.replace("<name>", "NAME")
            path = path.replace("<dataset_id>", "ID").replace("<key>", "P")
            path = path.replace("columns/<int:index>", "columns/C").replace("<int:index>", "I")
            path = path.replace("<int:column>", "C").replace("<score>", "SCORE")
            path = path.replace("plugins/<name>/<digest>", "plugins/NAME/DIGEST")
            path = path.replace("<action>", "ACTION").replace("<path:run>", "R")
            path = path.replace("<int:side>", "SIDE")
            for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert f"{verb} {path}" in WIRE, f"docs/wire.md does not mention {verb} {path}"
