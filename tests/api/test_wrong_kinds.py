"""Nothing that a caller can pass ends in an error of Python, numpy or another library."""

from __future__ import annotations

import datetime
import decimal
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import scipy.sparse

import projector

VECTORS = np.random.default_rng(0).normal(size=(12, 3)).astype(np.float32)
METADATA = {"label": list("abcabcabcabc"), "number": list(range(12))}
DATA = projector.Dataset(VECTORS, METADATA)


class Hostile:
    """Raises whatever is asked of it."""

    def __array__(self, *args: object, **options: object) -> Any:
        raise RuntimeError("no array")

    def __len__(self) -> int:
        raise RuntimeError("no length")

    def __repr__(self) -> str:
        return "Hostile()"


#: One or more of every kind that reaches a door by mistake.
KINDS: list[Any] = [
    None,
    True,
    np.True_,
    0,
    -1,
    3,
    10**30,
    2.5,
    float("nan"),
    float("inf"),
    1j,
    "",
    "5",
    "nonsense",
    b"bytes",
    Path("nowhere.npy"),
    decimal.Decimal("2.5"),
    datetime.date(2020, 1, 1),
    [],
    [1, 2],
    [1.5, 2.5],
    [[1, 2], [3]],
    [["a"]],
    [None],
    (),
    {},
    {"a": 1},
    {"a": [1]},
    {1, 2},
    range(3),
    np.float64(2.5),
    np.array(2),
    np.array([1.5]),
    np.zeros(12, bool),
    np.zeros((12, 2), complex),
    np.zeros((12, 2), "M8[s]"),
    np.zeros(12, [("a", float)]),
    np.full((12, 3), np.nan),
    np.array(["a"] * 12),
    np.zeros((2, 2, 2)),
    np.ma.MaskedArray(np.zeros((12, 3)), mask=np.ones((12, 3), bool)),
    scipy.sparse.eye_array(12),
    pa.table({"a": ["x"] * 12}),
    pa.array([1.0, None]),
    DATA,
    len,
    lambda *args: 0,
    object(),
    Hostile(),
    Hostile,
    itertools.count(),
]

Door = Callable[[Any], object]
QUICK: dict[str, Any] = {"n_epochs": 2}
FLAT = VECTORS[:, :2]
FITTED = projector.PCA(2).fit(VECTORS)

DOORS: dict[str, Door] = {
    "Dataset": lambda x: projector.Dataset(x),
    "Dataset, metadata": lambda x: projector.Dataset(VECTORS, x),
    "Dataset, column": lambda x: projector.Dataset(VECTORS, {"label": x}),
    "project": lambda x: projector.project(x, "pca"),
    "project, method": lambda x: projector.project(DATA, x),
    "project, initial": lambda x: projector.project(DATA, "umap", initial=x, **QUICK),
    "project, align_to": lambda x: projector.project(DATA, "pca", n_components=2, align_to=x),
    "project, shared": lambda x: projector.project(DATA, "pca", align_to=VECTORS, shared=x),
    "project, shared rows": lambda x: projector.project(
        DATA, "pca", align_to=VECTORS, shared=(x, [0, 1])
    ),
    "project, progress": lambda x: projector.project(DATA, "pca", progress=x),
    "neighbors": lambda x: projector.neighbors(x, k=2),
    "neighbors, k": lambda x: projector.neighbors(DATA, k=x),
    "neighbors, metric": lambda x: projector.neighbors(DATA, k=2, metric=x),
    "neighbors, random_state": lambda x: projector.neighbors(DATA, k=2, random_state=x),
    "neighbors, progress": lambda x: projector.neighbors(DATA, k=2, progress=x),
    "nearest": lambda x: projector.nearest(x, 0, k=2),
    "nearest, query": lambda x: projector.nearest(DATA, x, k=2),
    "nearest, k": lambda x: projector.nearest(DATA, 0, k=x),
    "nearest, metric": lambda x: projector.nearest(DATA, 0, k=2, metric=x),
    "nearest, column": lambda x: projector.nearest(DATA, "a", k=2, column=x),
    "quality": lambda x: projector.quality(x, FLAT, k=2),
    "quality, projection": lambda x: projector.quality(DATA, x, k=2),
    "quality, k": lambda x: projector.quality(DATA, FLAT, k=x),
    "quality, metric": lambda x: projector.quality(DATA, FLAT, k=2, metric=x),
    "load": lambda x: projector.load(x),
    "open_logdir": lambda x: projector.open_logdir(x),
    "PCA": lambda x: projector.PCA(2).fit(x),
    "PCA, n_components": lambda x: projector.PCA(x).fit(VECTORS),
    "PCA, inverse_transform": lambda x: FITTED.inverse_transform(x),
    "PCA, transform": lambda x: FITTED.transform(x),
    "TSNE": lambda x: projector.TSNE(n_iter=2).fit(x),
    "TSNE, init": lambda x: projector.TSNE(n_iter=2, init=x).fit(VECTORS),
    "TSNE, perplexities": lambda x: projector.TSNE(n_iter=2, perplexities=x).fit(VECTORS),
    "UMAP": lambda x: projector.UMAP(n_epochs=2).fit(x),
    "UMAP, y": lambda x: projector.UMAP(n_epochs=2).fit(VECTORS, x),
    "UMAP, y as numbers": lambda x: projector.UMAP(n_epochs=2, target_metric="euclidean").fit(
        VECTORS, x
    ),
    "UMAP, n_components": lambda x: projector.UMAP(n_epochs=2, n_components=x).fit(VECTORS),
    "UMAP, random_state": lambda x: projector.UMAP(n_epochs=2, random_state=x).fit(VECTORS),
    "UMAP, metric": lambda x: projector.UMAP(n_epochs=2, metric=x).fit(VECTORS),
    "UMAP, init": lambda x: projector.UMAP(n_epochs=2, init=x).fit(VECTORS),
    "UMAP, target_weight": lambda x: projector.UMAP(n_epochs=2, target_weight=x).fit(
        VECTORS, list("abcabcabcabc")
    ),
}


def parameters() -> Iterator[tuple[str, Door]]:
    for name, method in projector.METHODS.items():
        quick = {p.name: 2 for p in method.parameters if p.name in ("n_epochs", "n_iter")}
        from projector.api.options import parameters_of

        for each in parameters_of(method):

            def door(x: Any, name: str = name, key: str = each.name, quick: Any = quick) -> object:
                return projector.project(DATA, name, **{**quick, key: x})

            yield f"{name}, {each.name}", door


DOORS |= dict(parameters())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", DOORS)
def test_every_wrong_kind_gets_a_sentence(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    raw = []
    for given in KINDS:
        try:
            DOORS[name](given)
        except projector.ProjectorError as error:
            if len(str(error)) < 20:
                raw.append(f"{type(given).__name__} says only {error}")
        except Exception as error:  # noqa: BLE001 - every one of them is a fault, and is named
            raw.append(f"{type(given).__name__} {given!r:.40}: {type(error).__name__}: {error}")
    assert raw == []
