"""FAISS indexes, written by FAISS itself: whole vectors are read in their order."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.base import File
from projector.loaders.formats.indexes.faiss import Faiss
from tests.fixtures.make_formats import table, words
from tests.loaders.formats.fixture_files import columns, listed, loaded
from tests.loaders.formats.pickles.stubs import dumps, instance
from tests.loaders.writers import file_at, file_with

X = table(60, 7)


def trained(index: Any) -> Any:
    faiss.omp_set_num_threads(1)
    index.train(X)
    index.add(X)
    return index


def numbered(index: Any, numbers: Any) -> Any:
    index.train(X)
    index.add_with_ids(X, np.asarray(numbers, np.int64))
    return index


def by_table() -> Any:
    index: Any = faiss.index_factory(7, "IVF3,Flat")
    index.set_direct_map_type(2)  # faiss.DirectMap.Hashtable
    return index


PLAIN: dict[str, Callable[[], Any]] = {
    "l2": lambda: trained(faiss.IndexFlatL2(7)),
    "inner product": lambda: trained(faiss.IndexFlatIP(7)),
    "l1": lambda: trained(faiss.IndexFlat(7, faiss.METRIC_L1)),
    "lp": lambda: trained(faiss.IndexFlat(7, faiss.METRIC_Lp)),
    "lists": lambda: trained(faiss.index_factory(7, "IVF3,Flat")),
    "one list": lambda: trained(faiss.index_factory(7, "IVF1,Flat")),
    "many lists": lambda: trained(faiss.index_factory(7, "IVF40,Flat")),
    "graph": lambda: trained(faiss.IndexHNSWFlat(7, 8)),
    "numbers that count": lambda: numbered(faiss.index_factory(7, "IDMap,Flat"), range(60)),
    "lists in a map": lambda: numbered(faiss.index_factory(7, "IDMap2,IVF3,Flat"), range(60)),
}


def written(tmp_path: Path, index: Any, name: str = "store.faiss") -> File:
    faiss.write_index(index, str(tmp_path / name))
    return file_at(tmp_path / name)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", PLAIN)
def test_vectors_are_read_in_the_order_in_which_they_were_added(
    tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, PLAIN[kind]())
    data = loaded(file, "store")
    np.testing.assert_array_equal(data.values, X)
    assert columns(data) == {}


@pytest.mark.parametrize("kind", ["IDMap,Flat", "IVF3,Flat"])
def test_numbers_of_their_own_are_a_column(tmp_path: Path, kind: str) -> None:
    numbers = np.arange(60) * 3 + 1000
    data = loaded(written(tmp_path, numbered(faiss.index_factory(7, kind), numbers)), "store")
    np.testing.assert_array_equal(data.values, X)
    assert columns(data)["id"] == list(map(str, numbers))
    assert "numbers of their own" in data.warnings[0]


def test_lists_with_a_table_of_numbers_are_sorted_by_them(tmp_path: Path) -> None:
    numbers = np.arange(60)[::-1] * 2
    data = loaded(written(tmp_path, numbered(by_table(), numbers)), "store")
    np.testing.assert_array_equal(data.values, X[::-1])


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("PQ7x4", r"is a product quantizer \(IxPq\), which does not keep the vectors"),
        ("SQ8", "is a scalar quantizer"),
        ("PCA4,Flat", "is an index over transformed vectors"),
        ("IVF3,PQ7x4", "is inverted lists of product codes"),
        ("LSH", "is hash codes"),
    ],
)
def test_what_keeps_no_vectors_is_named(tmp_path: Path, kind: str, message: str) -> None:
    file = written(tmp_path, trained(faiss.index_factory(7, kind)), "small.bin")
    assert Faiss().sniff(file)
    with pytest.raises(LoadError, match=message):
        Faiss().list(file)


def langchain(nested: bool) -> Any:
    """Return a store of documents as LangChain pickles it, with pydantic or without."""

    def document(place: int) -> Any:
        fields = {
            "page_content": words(60)[place],
            "metadata": {"page": place % 4, "source": "a.txt", "skipped": [1]},
            "type": "Document",
        }
        state: dict[str, Any] = {"__dict__": fields, "__pydantic_extra__": None}
        return instance("langchain_core.documents.base", "Document", state if nested else fields)

    store = {f"id{place}": document(place) for place in reversed(range(60))}
    docstore = instance("langchain.docstore.in_memory", "InMemoryDocstore", {"_dict": store})
    return docstore, {place: f"id{place}" for place in range(60)}


@pytest.mark.parametrize("nested", [False, True])
def test_documents_of_langchain_are_columns(tmp_path: Path, nested: bool) -> None:
    file_with(tmp_path / "index.pkl", dumps(langchain(nested), 4))
    file = written(tmp_path, PLAIN["l2"](), "index.faiss")
    found = listed(file)
    assert [part.name for part in found.parts] == ["index.pkl"]
    assert found.tensors[0].labeled
    data = loaded(file, "index")
    assert columns(data) == {
        "page_content": words(60),
        "type": ["Document"] * 60,
        "page": [str(place % 4) for place in range(60)],
        "source": ["a.txt"] * 60,
    }
    assert data.warnings == ("the texts are from index.pkl.",)


@pytest.mark.parametrize("name", ["index.pkl", "index.pickle"])
def test_lists_of_texts_are_columns(tmp_path: Path, name: str) -> None:
    file_with(tmp_path / name, pickle.dumps({"texts": words(60), "model": "m", "ids": range(60)}))
    file = written(tmp_path, PLAIN["l2"](), "index.faiss")
    assert columns(loaded(file, "index")) == {"texts": words(60)}


def test_texts_of_another_length_are_told_and_not_used(tmp_path: Path) -> None:
    file_with(tmp_path / "index.pkl", pickle.dumps(words(59)))
    found = listed(written(tmp_path, PLAIN["l2"](), "index.faiss"))
    (problem,) = found.problems
    assert "has no text for each of the 60 vectors" in problem.message
    assert problem.path == tmp_path / "index.pkl"
    assert not found.tensors[0].labeled


def test_a_pickle_that_is_refused_is_listed_by_itself(tmp_path: Path) -> None:
    file_with(tmp_path / "index.pkl", b"\x80\x04cos\nsystem\n.")
    found = listed(written(tmp_path, PLAIN["l2"](), "index.faiss"))
    assert (found.parts, found.problems) == ((), ())


def test_headers_that_lie_are_refused(tmp_path: Path) -> None:
    raw = bytearray(written(tmp_path, PLAIN["l2"]()).head())
    content = bytes(raw)
    for at, value, message in (
        (4, b"\xff\xff\xff\x7f", "implausible header"),
        (8, b"\xff" * 7 + b"\x7f", "has 420 numbers, expected"),
        (37, b"\xff" * 7 + b"\x7f", "numbers, expected 60 vectors"),
        (len(content) - 4, b"", "truncated"),
    ):
        harmed = content[:at] + value + (content[at + len(value) :] if value else b"")
        with pytest.raises(LoadError, match=message):
            Faiss().list(file_with(tmp_path / "bad.faiss", harmed))
