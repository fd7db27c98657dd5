from __future__ import annotations

import io

import numpy as np
from PIL import Image

from projector import Dataset
from projector.model.sprite import Sprite
from projector.model.subset import take_points


def test_points_keep_vector_metadata_and_image() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(9, 3)).astype(np.float32)
    sheet = Image.new("RGBA", (6, 6))
    for i in range(9):
        sheet.paste((i * 20, 0, 0, 255), (i % 3 * 2, i // 3 * 2, i % 3 * 2 + 2, i // 3 * 2 + 2))
    out = io.BytesIO()
    sheet.save(out, "PNG")
    columns = {
        "word": ["a", "", "größe", None, "e", "f", "g", "h", "i"],
        "loss": [0.5, None, 2, 3, 4, 5, 6, 7.25, 8],
    }
    data = Dataset(vectors, columns, Sprite(out.getvalue(), (2, 2), 9), name="x", run="r", step=3)
    rows = np.array([1, 2, 3, 7])
    made = take_points(data, rows, "x · 4 points")
    assert (made.embedding.name, made.embedding.run, made.embedding.step) == (
        "x · 4 points",
        "r",
        3,
    )
    assert np.array_equal(made.vectors, vectors[rows])
    for name in columns:
        column, before = made.metadata[name], data.metadata[name]
        assert column.text.to_list() == [before.text[int(row)] for row in rows]
        assert column.kind == before.kind
    numbers = made.metadata["loss"].numbers
    assert numbers is not None
    assert np.array_equal(numbers, [np.nan, 2, 3, 7.25], equal_nan=True)
    assert made.sprite is not None
    reds = [made.sprite.image(i).getpixel((1, 1)) for i in range(4)]
    assert reds == [(20 * int(row), 0, 0, 255) for row in rows]
