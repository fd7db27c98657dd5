"""Reads images and sounds that a metadata column names, one file per point."""

from __future__ import annotations

import re
from pathlib import Path

from projector.errors import LoadError
from projector.loaders.safe_files import read_all, resolve_inside

#: Enough for a photograph or a recording of some minutes.
MAX_BYTES = 64 << 20

#: Recognized by the first bytes, never by suffix: HTML named x.png must not reach a browser.
_KINDS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"BM.{12}", re.DOTALL), "image/bmp"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"ID3|\xff[\xf2\xf3\xfa\xfb]"), "audio/mpeg"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"fLaC"), "audio/flac"),
)
_SUFFIXES = {
    "image": re.compile(r"\.(png|jpe?g|gif|bmp|webp)$", re.IGNORECASE),
    "audio": re.compile(r"\.(wav|mp3|ogg|oga|flac)$", re.IGNORECASE),
}


def media_kind(text: str) -> str | None:
    """Return ``"image"`` or ``"audio"`` if a text looks like the path of such a file, else None."""
    if len(text) > 1024 or "\n" in text:
        return None
    return next((kind for kind, suffix in _SUFFIXES.items() if suffix.search(text)), None)


def read_media(root: Path, table: Path, named: str) -> tuple[bytes, str]:
    """Return the bytes and the media type of the file that a metadata value names.

    Parameters
    ----------
    root : Path
        The log directory, resolved; nothing outside is ever opened.
    table : Path
        The file of the tensor that the metadata belongs to. Paths are relative to its folder, or
        to `root`.
    named : str
        The metadata value.

    Raises
    ------
    OutsideLogdirError
        The path points outside `root`.
    LoadError
        The file does not exist, is too large, or is not an image or sound that browsers support.
    """
    try:
        path = resolve_inside(root, table.parent, named, by=table)
    except LoadError:
        path = resolve_inside(root, root, named, by=table)
    content = read_all(path, limit=MAX_BYTES, what="an image or a sound")
    for magic, kind in _KINDS:
        if magic.match(content):
            return content, kind
    raise LoadError(
        path,
        "is not an image (PNG, JPEG, GIF, BMP, WebP) or a sound (WAV, MP3, Ogg, FLAC) by its "
        "content. Convert it to one of these.",
    )
