"""What the names of labels and of embeddings say about which belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

#: Words of files with labels, by what they hold. Two of one kind may contradict each other.
_KINDS = {
    word: kind
    for kind, words in {
        "label": "label class target y category gt truth groundtruth",
        "metadata": "metadata meta info attribute attr annotation",
        "name": "name word vocab vocabulary token itos stoi title",
        "id": "id key uid index idx",
        "path": "path file filename fname",
        "text": "text caption sentence",
    }.items()
    for word in words.split()
}
#: Words that only say that there are vectors.
_VECTORS = frozenset(
    str.split(
        """
        emb embed embedding vec vector feature feat tensor point x latent code repr representation
        weight model data array matrix npy value
        """
    )
)
#: What a data set is split into: labels of one split are wrong for the others.
_SPLITS = frozenset(
    str.split(
        """
        train training test testing val valid validation dev eval query gallery before after old
        new source first second
        """
    )
)
_WORD = re.compile(r"\d+|[A-Z]?[a-z]+|[A-Z]+(?![a-z])", re.ASCII)
#: Embeddings that are looked up by a token.
_TOKENS = re.compile(
    r"(^|[^a-z])(word|words|wte|tok|token|tokens|vocab)([^a-z]|$)|word_?emb|tok(en)?s?_?emb|"
    r"emb(ed)?_?tok|emb(ed(ding)?)?_?in(\.|_|$)|shared|lookup",
    re.IGNORECASE,
)
_OUTPUT = re.compile(
    r"lm_head|embed_out|output_emb|predictions\.decoder|(^|\.)output\.weight$", re.I
)
#: Embeddings that are looked up by something else.
_AUXILIARY = re.compile(
    r"pos(ition|itions|itional)?([_./]|$|(?=_?emb))|wpe|token_type|segment|type_emb|time_?emb|"
    r"timestep|relative_|rotary|inv_freq|mask",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class LabelName:
    """A name taken apart.

    Attributes
    ----------
    kinds : frozenset of str
        What the words for labels say it holds; empty if there is none.
    words : frozenset of str
        All other words and numbers, without those that only mean vectors.
    all_words : frozenset of str
        These and the words for labels: ``words_meta`` goes with ``words_vecs``.
    """

    kinds: frozenset[str]
    words: frozenset[str]
    all_words: frozenset[str]

    @property
    def is_split_only(self) -> bool:
        """Whether nothing but a number or the part of a data set tells it from others."""
        return all(word in _SPLITS or word.isdecimal() for word in self.words)


@lru_cache(maxsize=1 << 14)
def label_name(name: str) -> LabelName:
    """Take a name apart; plurals are read as singulars."""
    found = {_singular(word.lower()) for word in _WORD.findall(name)} - _VECTORS
    kinds = {kind for word, kind in _KINDS.items() if word in found}
    return LabelName(frozenset(kinds), frozenset(found - _KINDS.keys()), frozenset(found))


@lru_cache(maxsize=1 << 14)
def is_label_folder(name: str) -> bool:
    """Tell whether a folder of this name may have the labels of those beside it."""
    found = label_name(name)
    return bool(found.kinds) or bool(found.words & {"tokenizer", "entity", "item"})


def _singular(word: str) -> str:
    if word.endswith("classes"):
        return "class"
    if word.endswith("ices"):
        return {"indices": "index", "vertices": "vertex", "matrices": "matrix"}.get(word, word)
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word


@lru_cache(maxsize=1 << 14)
def token_likeness(name: str) -> int:
    """Return how likely a tensor has one row per token: 2 by name, 1 for other embeddings, or 0."""
    if _AUXILIARY.search(name):
        return 0
    return 2 if _TOKENS.search(name) else 1


@lru_cache(maxsize=1 << 14)
def is_output(name: str) -> bool:
    """Tell whether a weight has one row per token, as the last layer of a language model."""
    return _OUTPUT.search(name) is not None


@lru_cache(maxsize=1 << 14)
def is_auxiliary(name: str) -> bool:
    """Tell whether an embedding is looked up by a position, a segment or a time."""
    return _AUXILIARY.search(name) is not None
