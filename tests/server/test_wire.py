from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.server.golden import FOLDER, golden

WIRE = (Path(__file__).resolve().parents[2] / "docs" / "wire.md").read_text()


@pytest.mark.parametrize("name", sorted(golden()))
def test_the_wire_is_what_the_golden_files_say(name: str) -> None:
    assert (FOLDER / name).read_bytes() == golden()[name], (
        "The wire has changed. If that is meant: change docs/wire.md and the page's reader, then "
        "run python -m tests.server.golden"
    )


def test_a_frame_is_laid_out_as_the_document_says() -> None:
    frames = golden()["frames.bin"]
    assert int.from_bytes(frames[0:4], "little") == 24  # 3 points of 2 float32
    assert int.from_bytes(frames[4:8], "little") == 7
    assert frames[8:12] == b"\x00\x00\x80\x3e"  # 0.25
    assert (frames[12], frames[13]) == (1, 2)
    assert int.from_bytes(frames[14:16], "little") == 0
    quiet = frames[40:56]
    assert quiet == bytes(12) + b"\x01\x00\x02\x00"
    assert int.from_bytes(frames[70:72], "little") == 1


def test_every_route_is_documented() -> None:
    from projector.api.session import Session
    from projector.server.application import create_app

    app = create_app(Session.__new__(Session))
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1"):
            path = re.sub(r"<any\(pause, resume\):action>", "pause", rule.rule[len("/api/v1") :])
            path = path.replace("<dataset_id>", "ID").replace("<key>", "P")
            path = path.replace("columns/<int:index>", "columns/C").replace("<int:index>", "I")
            path = path.replace("<int:column>", "C").replace("<figure>", "FIGURE")
            for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert f"{verb} {path}" in WIRE, f"docs/wire.md does not tell of {verb} {path}"
