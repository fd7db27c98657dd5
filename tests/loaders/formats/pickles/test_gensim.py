"""Gensim's files: words from the pickle, arrays from it or from beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from projector.errors import LoadError
from projector.loaders.formats.pickles.gensim import Gensim
from projector.loaders.logdir.log import open_logdir
from tests.fixtures.make_formats import table, words
from tests.loaders.formats.fixture_files import FILES, columns, fixture_file, listed, loaded
from tests.loaders.formats.pickles.stubs import dumps, instance
from tests.loaders.writers import file_with


@pytest.mark.parametrize("name", ["vectors.kv", "apart.kv"])
def test_keyed_vectors_have_their_words(name: str) -> None:
    file = fixture_file(f"gensim/{name}")
    data = loaded(file, "vectors")
    np.testing.assert_array_equal(data.values, table(9, 6))
    assert columns(data) == {"word": words(9)}
    (tensor,) = [each for each in listed(file).tensors if each.is_matrix]
    assert (tensor.role, tensor.labeled) == ("embedding", True)


def test_the_files_of_large_arrays_belong_to_their_model() -> None:
    found = listed(fixture_file("gensim/word2vec.model"))
    assert {part.name for part in found.parts} == {
        "word2vec.model.syn1neg.npy",
        "word2vec.model.wv.vectors.npy",
        "word2vec.model.wv.vectors_lockf.npy",
    }
    matrices = {each.name: each.role for each in found.tensors if each.is_matrix}
    assert matrices == {"wv.vectors": "embedding", "syn1neg": "weight"}
    log = open_logdir(FILES / "gensim")
    assert not [p for p in log.problems if p.path.endswith(".npy")]
    assert all(not entry.path.endswith(".npy") for entry in log.entries)


def test_fasttext_says_that_parts_of_words_are_missing() -> None:
    data = loaded(fixture_file("gensim/fasttext.model"), "wv.vectors_vocab")
    assert "save_word2vec_format" in data.warnings[0]
    assert sorted(columns(data)["word"]) == words(9)


def test_a_missing_array_is_named(tmp_path: Path) -> None:
    content = (FILES / "gensim" / "apart.kv").read_bytes()
    (problem,) = listed(file_with(tmp_path / "lone.kv", content)).problems
    assert "'lone.kv.vectors.npy', which is missing" in problem.message


KEYED = "gensim.models.keyedvectors"


@pytest.mark.parametrize("protocol", [2, 4])
def test_older_versions_are_read(tmp_path: Path, protocol: int) -> None:
    # Gensim 3 and before: objects that hold a word's number, in no order.
    def vocab(place: int) -> object:
        return instance(KEYED, "Vocab", {"count": 9 - place, "index": place})

    names = ["b", "c", "a"]
    inner = instance(
        KEYED,
        "Word2VecKeyedVectors",
        {"syn0": table(3, 4), "vocab": {name: vocab(names.index(name)) for name in sorted(names)}},
    )
    tags = {"t1": instance("gensim.models.doc2vec", "Doctag", {"index": 1}), "t0": vocab(0)}
    documents = instance(
        KEYED, "Doc2VecKeyedVectors", {"vectors_docs": table(2, 4), "doctags": tags}
    )
    model = instance("gensim.models.doc2vec", "Doc2Vec", {"wv": inner, "docvecs": documents})
    file = file_with(tmp_path / "old.model", dumps(model, protocol))
    assert Gensim().sniff(file)
    assert columns(loaded(file, "wv.syn0")) == {"word": names}
    assert columns(loaded(file, "docvecs.vectors_docs")) == {"word": ["t0", "t1"]}


def test_vectors_without_a_word_are_counted(tmp_path: Path) -> None:
    vectors = instance(KEYED, "KeyedVectors", {"vectors": table(5, 3), "index_to_key": words(4)})
    data = loaded(file_with(tmp_path / "spare.kv", dumps(vectors, 4)), "vectors")
    assert columns(data) == {"word": [*words(4), None]}
    assert "4 words for 5 vectors" in data.warnings[0]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"id2word": {}}, "is a gensim.models.x.Model without vectors"),
        ({"vectors": instance("os", "system", {})}, "is refused: it tries to run 'os.system'"),
    ],
)
def test_models_without_vectors_say_what_they_are(
    tmp_path: Path, state: dict[str, object], message: str
) -> None:
    model = instance("gensim.models.x", "Model", state)
    with pytest.raises(LoadError, match=message.replace(".", r"\.")):
        Gensim().list(file_with(tmp_path / "topic.model", dumps(model, 4)))
