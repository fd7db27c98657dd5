"""Compressed files: whatever is packed is listed and read as it is unpacked."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders import load, open_logdir
from projector.loaders.formats.registry import find_loader
from tests.loaders.writers import file_with, write

VALUES = np.random.default_rng(8).integers(-50, 50, (11, 4)).astype(np.float32) / 8
NAMES = [f"bird{i}" for i in range(11)]
WORDS = "".join(
    f"{name} {' '.join(map(str, row))}\n" for name, row in zip(NAMES, VALUES.tolist(), strict=True)
)
CSV = "name,d0,d1,d2,d3\n" + WORDS.replace(" ", ",")
TSV = "".join("\t".join(map(str, row)) + "\n" for row in VALUES.tolist())
JSON = json.dumps(dict(zip(NAMES, VALUES.tolist(), strict=True)))


def npy(values: np.ndarray = VALUES) -> bytes:
    raw = io.BytesIO()
    np.save(raw, values)
    return raw.getvalue()


def binary() -> bytes:
    rows = [n.encode() + b" " + r.tobytes() for n, r in zip(NAMES, VALUES, strict=True)]
    return b"11 4\n" + b"".join(rows)


def zipped(members: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return raw.getvalue()


def name_alone(value: object) -> str:
    """Return the id of a case: a compressed file has the time at which it was made in it."""
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(
    ("name", "content", "labels"),
    [
        ("birds.csv.gz", gzip.compress(CSV.encode()), True),
        ("birds.csv.bz2", bz2.compress(CSV.encode()), True),
        ("birds.tsv.xz", lzma.compress(TSV.encode()), False),
        ("birds.npy.gz", gzip.compress(npy()), False),
        ("birds.npy.xz", lzma.compress(npy()), False),
        ("birds.vec.bz2", bz2.compress(b"11 4\n" + WORDS.encode()), True),
        ("birds.bin.gz", gzip.compress(binary()), True),
        ("birds.json.gz", gzip.compress(JSON.encode()), True),
        ("birds.50d.gz", gzip.compress(WORDS.encode()), True),
        ("birds.zip", zipped({"data/birds.txt": WORDS.encode(), "README.md": b"#"}), True),
        ("birds.zip", zipped({"birds.txt.gz": gzip.compress(WORDS.encode())}), True),
    ],
    ids=name_alone,
)
def test_the_shape_listed_is_the_shape_loaded(
    tmp_path: Path, name: str, content: bytes, labels: bool
) -> None:
    write(tmp_path / name, content)
    (entry,) = (log := open_logdir(tmp_path)).entries
    assert (entry.name, entry.shape, entry.format) == ("birds", (11, 4), "compressed")
    for data in (log.load(entry), load(tmp_path / name)):
        np.testing.assert_array_equal(data.vectors, VALUES)
        assert (data.metadata.names != ()) == labels
        if labels:
            assert data.metadata.columns[0].text.to_list() == NAMES


def test_every_member_of_an_archive_is_an_embedding(tmp_path: Path) -> None:
    members = {
        "set/v.50.txt": WORDS.encode(),
        "set/v.100.npy": npy(2 * VALUES),
        "a/emb.npy": npy(3 * VALUES),
        "b/emb.npy": npy(4 * VALUES),
        "pictures/1.png": b"\x89PNG\r\n\x1a\n",
        "notes.txt": b"nothing here\n",
    }
    write(tmp_path / "all.zip", zipped(members))
    log = open_logdir(tmp_path)
    found = {entry.name: log.load(entry).vectors[0, 0] / VALUES[0, 0] for entry in log.entries}
    assert found == {"v.50": 1, "v.100": 2, "a/emb": 3, "b/emb": 4}


def test_problems_name_the_archive_and_the_member(tmp_path: Path) -> None:
    members = {"good.txt": WORDS.encode(), "bad.npy": npy()[:-9]}
    write(tmp_path / "two.zip", zipped(members))
    log = open_logdir(tmp_path)
    assert [entry.name for entry in log.entries] == ["good"]
    (problem,) = log.problems
    assert problem.path == "two.zip"
    assert problem.message.startswith("member 'bad.npy': a float32 array of shape (11, 4)")


def test_errors_in_a_packed_file_have_its_name_and_the_line(tmp_path: Path) -> None:
    write(tmp_path / "w.txt.gz", gzip.compress(WORDS.encode() + b"owl 1 2 x 4\n"))
    log = open_logdir(tmp_path)
    with pytest.raises(LoadError, match=r"w\.txt\.gz, line 12: found 'x'"):
        log.load(log.entries[0])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("log.txt.gz", gzip.compress(b"a log of a server\n" * 9)),
        ("photo.jpg.gz", gzip.compress(b"\xff\xd8\xff" * 40)),
        ("code.zip", zipped({"a.py": b"x = 1\n", "b.md": b"# b\n"})),
        ("empty.zip", zipped({})),
        ("plain.gz", b"no archive"),
    ],
    ids=name_alone,
)
def test_files_without_vectors_are_passed_over(tmp_path: Path, name: str, content: bytes) -> None:
    assert find_loader(file_with(tmp_path / name, content)) is None


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    write(tmp_path / "v.npy.gz", gzip.compress(npy())[:30])
    (problem,) = open_logdir(tmp_path).problems
    assert "is a damaged gzip file" in problem.message


def test_a_file_that_unpacks_to_itself_ends(tmp_path: Path) -> None:
    content = npy()
    for _ in range(6):
        content = gzip.compress(content)
    log = open_logdir(write(tmp_path / "v.npy.gz", content).parent)
    assert log.entries == ()


def test_a_config_may_name_packed_bytes(tmp_path: Path) -> None:
    write(tmp_path / "v.bytes.gz", gzip.compress(VALUES.tobytes()))
    write(
        tmp_path / "projector_config.json",
        json.dumps(
            {
                "embeddings": [
                    {"tensorName": "v", "tensorPath": "v.bytes.gz", "tensorShape": [11, 4]}
                ]
            }
        ),
    )
    log = open_logdir(tmp_path)
    np.testing.assert_array_equal(log.load(log.entries[0]).vectors, VALUES)
