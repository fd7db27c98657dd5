from __future__ import annotations

import io

import numpy as np
from flask.testing import FlaskClient
from PIL import Image

from projector.api.session.session import Session
from tests.server.client_calls import get


def test_a_point_its_image_and_its_neighbors(
    client: FlaskClient, dataset: str, session: Session
) -> None:
    assert get(client, f"/datasets/{dataset}/points/7") == {"index": 7, "values": ["b", "3.5"]}
    get(client, f"/datasets/{dataset}/points/300", 400)
    tile = client.get(f"/api/v1/datasets/{dataset}/points/7/image")
    with Image.open(io.BytesIO(tile.data)) as image:
        assert image.size == (4, 4)
    vectors = session.dataset(dataset).data.vectors.astype(np.float64)
    for metric in ("euclidean", "cosine", "manhattan"):
        found = get(client, f"/datasets/{dataset}/points/7/neighbors?k=5&metric={metric}")
        if metric == "cosine":
            unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
            away = 1 - unit @ unit[7]
        else:
            away = np.linalg.norm(vectors - vectors[7], 2 if metric == "euclidean" else 1, axis=1)
        away[7] = np.inf
        assert found["indices"] == np.argsort(away, kind="stable")[:5].tolist()
        np.testing.assert_allclose(found["distances"], np.sort(away)[:5], rtol=1e-4, atol=1e-6)
    get(client, f"/datasets/{dataset}/points/7/neighbors?k=0", 400)
    get(client, f"/datasets/{dataset}/points/7/neighbors?metric=cubic", 400)
    assert len(get(client, f"/datasets/{dataset}/points/7/neighbors?k=1000")["indices"]) == 299
