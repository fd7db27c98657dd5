"""Images and sounds that metadata names: recognized by content, never from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.errors import LoadError, OutsideLogdirError
from projector.loaders.companions import media
from projector.loaders.companions.media import media_kind, read_media
from tests.loaders.writers import write


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a.png", "image"),
        ("folder/b.JPEG", "image"),
        ("c.webp", "image"),
        ("d.flac", "audio"),
        ("e.MP3", "audio"),
        ("f.svg", None),
        ("g.html", None),
        ("png", None),
        ("a.png more", None),
        ("two\nlines.png", None),
        ("x" * 2000 + ".png", None),
    ],
)
def test_paths_look_like_media(text: str, kind: str | None) -> None:
    assert media_kind(text) == kind


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"BM" + bytes(12), "image/bmp"),
        (b"RIFF\x0a\x0a\x0a\x0aWEBP", "image/webp"),
        (b"RIFF\0\0\0\0WAVE", "audio/wav"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"OggS", "audio/ogg"),
        (b"fLaC", "audio/flac"),
    ],
)
def test_the_content_decides(tmp_path: Path, content: bytes, media_type: str) -> None:
    write(tmp_path / "x.bin", content)
    assert read_media(tmp_path, tmp_path / "v.npy", "x.bin") == (content, media_type)


@pytest.mark.parametrize("content", [b"", b"<html>", b"<svg/>", b"%PDF", b"RIFF\0\0\0\0AVI "])
def test_what_a_browser_could_run_is_refused(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "x.png", content)
    with pytest.raises(LoadError, match=r"x\.png: is not an image .* or a sound"):
        read_media(tmp_path, tmp_path / "v.npy", "x.png")


def test_paths_are_relative_to_the_data_and_then_to_the_root(tmp_path: Path) -> None:
    write(tmp_path / "a.gif", b"GIF89a root")
    write(tmp_path / "run" / "b.gif", b"GIF89a run")
    table = tmp_path / "run" / "v.npy"
    assert read_media(tmp_path, table, "b.gif")[0] == b"GIF89a run"
    assert read_media(tmp_path, table, "a.gif")[0] == b"GIF89a root"
    write(tmp_path / "run" / "a.gif", b"GIF89a nearer")
    assert read_media(tmp_path, table, "a.gif")[0] == b"GIF89a nearer"


@pytest.mark.parametrize("named", ["../out.gif", "/etc/passwd", "https://example.org/a.gif"])
def test_nothing_outside_is_read(tmp_path: Path, named: str) -> None:
    write(tmp_path / "out.gif", b"GIF89a")
    write(tmp_path / "logs" / "v.npy")
    with pytest.raises(OutsideLogdirError):
        read_media(tmp_path / "logs", tmp_path / "logs" / "v.npy", named)


def test_a_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MAX_BYTES", 9)
    write(tmp_path / "x.gif", b"GIF89a more")
    with pytest.raises(LoadError, match="too large for an image or a sound"):
        read_media(tmp_path, tmp_path / "v.npy", "x.gif")
