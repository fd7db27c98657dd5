"""Hostile directory entries that do not travel in an archive or in version control."""

from __future__ import annotations

import os
from pathlib import Path

LINKS = {
    "inside.tsv": "t.tsv",
    "leave.tsv": "/etc/passwd",
    "etcdir": "/etc",
    "loop_a": "loop_b",
    "loop_b": "loop_a",
    "self": ".",
    "parent": "..",
    "broken.tsv": "nowhere",
    "zero.tsv": "/dev/zero",
    "stdin.tsv": "/dev/stdin",
    "mem.tsv": "/proc/self/mem",
}
#: What a config may name: each as a tensor and as its metadata.
NAMED = (
    "t.tsv",
    "inside.tsv",
    "leave.tsv",
    "etcdir/passwd",
    "loop_a",
    "broken.tsv",
    "pipe.tsv",
    "zero.tsv",
    "stdin.tsv",
    "mem.tsv",
    "unreadable.tsv",
    "no_entry/t.tsv",
    "self/self/self/t.tsv",
)


def make_special_files(folder: Path) -> Path:
    """Fill a new folder with them and return it."""
    folder.mkdir()
    for name, target in LINKS.items():
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe.tsv")  # opening it for reading waits for ever
    Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff\xfe.tsv")).write_bytes(b"1\t2\n3\t4\n")
    for name, size in (("sparse_8TiB.bytes", 8 << 40), ("sparse.data-00000-of-00001", 1 << 40)):
        with (folder / name).open("wb") as file:
            file.truncate(size)  # no byte of it is on the disk
    (folder / "no_entry").mkdir()
    for name in ("t.tsv", "unreadable.tsv", "no_entry/t.tsv"):
        (folder / name).write_bytes(b"".join(b"%d\t%d\t%d\n" % (i, i * i, 7 - i) for i in range(4)))
    (folder / "unreadable.tsv").chmod(0)
    (folder / "no_entry").chmod(0)
    entries = [
        f'embeddings {{ tensor_name: "{name.replace("/", "|")}" tensor_path: "{name}" '
        f'metadata_path: "{name}" }}\n'
        for name in (*NAMED, f"parent/{folder.name}/t.tsv")
    ]
    entries.append(
        'embeddings { tensor_name: "sparse" tensor_path: "sparse_8TiB.bytes" '
        "tensor_shape: 1000 tensor_shape: 8 }\n"
    )
    (folder / "projector_config.pbtxt").write_text("".join(entries))
    return folder
