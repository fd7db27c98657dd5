"""What all tests share: a cache of their own, seeded numbers, small log directories."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "demo_data"

# Plug-ins that the person has installed are none of the tests' business; those of the tests are
# installed for processes of their own.
os.environ["PROJECTOR_PLUGINS"] = "0"

# How long an example takes says something of the machine and of what else it does, not of the code.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests away from the person's own cache, and from what earlier runs left in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROJECTOR_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261123)


@pytest.fixture
def blobs(rng: np.random.Generator) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """300 points around 6 centers in 12 dimensions."""
    centers = rng.normal(size=(6, 12)) * 4
    return (centers[np.arange(300) % 6] + rng.normal(size=(300, 12))).astype(np.float32)


def write_log(
    folder: Path, vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]], *, step: int = 0
) -> Path:
    """Write one embedding as PyTorch's SummaryWriter lays it out, with metadata and a sprite."""
    place = folder / f"{step:05d}" / "default"
    place.mkdir(parents=True)
    np.savetxt(place / "tensors.tsv", vectors, delimiter="\t", fmt="%.9g")
    rows = "\n".join(f"{'abcdef'[i % 6]}\t{i / 2}" for i in range(len(vectors)))
    (place / "metadata.tsv").write_text(f"label\tvalue\n{rows}\n")
    side = int(np.ceil(np.sqrt(len(vectors))))
    pixels = np.zeros((side * 4, side * 4, 3), np.uint8)
    pixels[..., 0] = np.arange(side * 4)[:, None] % 256
    Image.fromarray(pixels).save(place / "sprite.png")
    config = folder / "projector_config.pbtxt"
    entry = (
        f'embeddings {{\n  tensor_name: "default:{step:05d}"\n'
        f'  tensor_path: "{step:05d}/default/tensors.tsv"\n'
        f'  metadata_path: "{step:05d}/default/metadata.tsv"\n'
        f'  sprite {{\n    image_path: "{step:05d}/default/sprite.png"\n'
        "    single_image_dim: 4\n    single_image_dim: 4\n  }\n}\n"
    )
    config.write_text((config.read_text() if config.exists() else "") + entry)
    return folder
