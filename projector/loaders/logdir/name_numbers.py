"""The numbers in a file's or folder's name, and what the words around them say they count.

A name alone only rules numbers out (seeds, sizes, versions, metrics) or names them outright
(``step``, ``epoch``). What all other numbers count, `series` finds by comparing siblings.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

#: What a number counts: ``step`` and ``epoch`` by its word; ``saved`` behind the word of a thing
#: that is saved at steps; ``open`` where only siblings can tell; ``part`` of one table; ``metric``
#: of a model; ``name`` where it belongs to the name.
Meaning: TypeAlias = Literal["step", "epoch", "saved", "open", "part", "metric", "name"]
#: Meanings of numbers that may be a step.
STEPS: frozenset[Meaning] = frozenset({"step", "epoch", "saved", "open"})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STEP = _words("step steps iter iters iteration iterations itr it update updates ustep gstep")
_EPOCH = _words("epoch epochs ep eps epo")
_CHECKPOINT = _words("checkpoint checkpoints ckpt ckpts chkpt")
_SAVED = _CHECKPOINT | _words(
    """
    chkp chk cp model models weights weight net network state states snapshot snapshots snap save
    saved saves emb embs embed embedding embeddings vec vecs vector vectors feat feats feature
    features latent latents code codes tensor tensors points activations acts repr reprs
    representation representations e t time
    """
)
_PART = _words("part parts shard shards chunk chunks piece pieces batch partition")
_METRIC = _words(
    """
    loss losses acc accuracy val valid validation f1 auc auroc bleu rouge ppl perplexity wer cer map
    miou iou score scores rmse mae mse psnr ssim fid reward precision recall err error metric dice
    spearman pearson ndcg mrr hit hits
    """
)
#: Settings, sizes, identities and versions: two such numbers are two things, not two moments.
_NAME = _words(
    """
    seed seeds rs fold folds split splits cv kfold rank ranks gpu gpus device cuda worker node nodes
    proc process host of version ver vers rev run runs exp experiment experiments expt trial trials
    try attempt job task tasks config cfg setting variant id idx layer layers head heads block
    blocks size sizes dim dims hid hidden width depth bs bsz class classes cls cluster clusters
    client user users subject subjects subj sub patient sess session sample samples group view cam
    camera channel ch level ngram ngrams gram grams window win min max neg resnet resnext wideresnet
    densenet vgg vit deit swin efficientnet convnext inception bert gpt llama mlp lstm gru cnn rnn
    gcn gat tsne umap pca ica nmf lda svd kmeans perp perplexity neighbors knn nn glove fasttext
    phase stage lang domain pp tp dp mp replica consolidated copy
    """
)
#: Settings whose values are decimals; a whole number behind one of them may still be a step.
_SETTING = _words(
    """
    lr wd dropout drop ema decay alpha beta gamma lambda temp temperature tau sigma momentum ratio
    rate eps weight scale margin threshold
    """
)
_TOKEN = re.compile(
    r"(?P<date>(?:19|20)\d\d([-_.]?)[01]\d\2[0-3]\d(?!\d)"
    r"(?:[T_ -]?\d\d[-_:.h]?\d\d(?:[-_:.m]?\d\d)?(?!\d))?)"
    r"|(?P<hash>(?<![0-9a-zA-Z])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{8,}(?![0-9a-zA-Z]))"
    r"|(?P<number>\d+(?=\.\d+\.\d+(?![.\d]))|\d+(?:\.\d+)?(?:e-\d+)?)"
    r"|(?P<word>[A-Za-z]+)"
    r"|(?P<rest>.)",
    re.ASCII | re.DOTALL,
)
_SEPARATORS = frozenset("-_. =:()[]+")
#: A number that touches an unknown word belongs to a name (``wav2vec``, ``item7``), unless it has
#: as many digits as only counters have.
_FEWEST_DIGITS = 4
#: Longer runs of digits are no steps, and may not fit into 64 bits.
_LONGEST = 18


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a name.

    Attributes
    ----------
    at : int
        Which token it is.
    text : str
        As written.
    value : int
        A thousand times the digits where a ``k`` follows; 0 for decimals.
    meaning : str
        See `Meaning`.
    word : int
        The token of the word that tells the meaning; -1 without one.
    """

    at: int
    text: str
    value: int
    meaning: Meaning
    word: int = -1


@dataclass(frozen=True, slots=True)
class NumberedName:
    """A name taken apart.

    Attributes
    ----------
    tokens : tuple of str
        Words, numbers and separators; together they are the name.
    numbers : tuple of Number
    """

    tokens: tuple[str, ...]
    numbers: tuple[Number, ...]

    def pattern(self, free: frozenset[Meaning]) -> str:
        """Return the name with a mark in place of metrics and of numbers of these meanings."""
        tokens = list(self.tokens)
        for number in self.numbers:
            if number.meaning in free:
                tokens[number.at] = "#"
            elif number.meaning == "metric":
                tokens[number.at] = "~"
        return "".join(tokens)

    def without(self, dropped: frozenset[int]) -> str:
        """Return the name without some numbers (by token) and all metrics, nor their words.

        The word of the last number stays if nothing else does.
        """
        rest, last_word = self._without(dropped)
        return rest or last_word

    def rest(self, dropped: frozenset[int]) -> str:
        """Return what `without` does, or nothing if only a word such as ``step`` would stay."""
        return self._without(dropped)[0]

    def _without(self, dropped: frozenset[int]) -> tuple[str, str]:
        tokens = list(self.tokens)
        last_word = ""
        for number in self.numbers:
            if number.at in dropped or number.meaning == "metric":
                tokens[number.at] = ""
                if number.text.endswith("k"):
                    tokens[number.at + 1] = ""
                if number.word >= 0 and _goes_with(self.tokens, number):
                    if number.meaning != "metric":
                        last_word = self.tokens[number.word]
                    for at in _phrase(self.tokens, number):
                        tokens[at] = ""
        text = re.sub(r"([-_. =])[-_. =]+", r"\1", "".join(tokens))
        return text.strip("-_. ="), last_word


def _goes_with(tokens: tuple[str, ...], number: Number) -> bool:
    """Tell whether a word is dropped with its number: ``step`` is, the ``emb`` of ``emb_3`` not."""
    return number.meaning != "saved" or tokens[number.word].lower() in _CHECKPOINT


def _phrase(tokens: tuple[str, ...], number: Number) -> range:
    """Return the tokens of a number's words: ``val_loss=`` is two words and two separators."""
    first, last = min(number.word, number.at), max(number.word, number.at)
    if number.meaning == "metric" or tokens[number.word].lower() == "step":
        while first >= 2 and tokens[first - 1] == "_" and tokens[first - 2].isalpha():
            if tokens[first - 2].lower() not in _METRIC | {"global", "train", "test"}:
                break
            first -= 2
    return range(first, last + 1)


@lru_cache(maxsize=1 << 14)
def numbered(name: str) -> NumberedName:
    """Take a name apart."""
    matches = list(_TOKEN.finditer(name))
    tokens = tuple([sys.intern(match[0]) for match in matches])
    kinds = tuple([match.lastgroup for match in matches])
    numbers: list[Number] = []
    for at, kind in enumerate(kinds):
        if kind == "number":
            previous = numbers[-1] if numbers else None
            numbers.append(_number(tokens, kinds, at, previous))
    return NumberedName(tokens, tuple(numbers))


@dataclass(frozen=True)
class _Near:
    """A number with what is around it: the word before, and letters that touch its end."""

    tokens: tuple[str, ...]
    kinds: tuple[str | None, ...]
    at: int
    before: int
    word: str
    unit: str

    @classmethod
    def of(cls, tokens: tuple[str, ...], kinds: tuple[str | None, ...], at: int) -> _Near:
        before = at - 1
        while before >= 0 and tokens[before] in _SEPARATORS:
            before -= 1
        word = tokens[before].lower() if before >= 0 and kinds[before] == "word" else ""
        after = at + 1
        unit = tokens[after].lower() if after < len(tokens) and kinds[after] == "word" else ""
        return cls(tokens, kinds, at, before, word, unit)

    @property
    def text(self) -> str:
        return self.tokens[self.at]

    @property
    def is_decimal(self) -> bool:
        return not self.text.isdecimal()

    @property
    def touches(self) -> bool:
        """Whether the word ends right before the number."""
        return bool(self.word) and self.before == self.at - 1

    @property
    def follows_name(self) -> bool:
        """Whether it is the time of a date, or what follows a hash."""
        return self.before >= 0 and self.kinds[self.before] in ("date", "hash")


def _number(
    tokens: tuple[str, ...], kinds: tuple[str | None, ...], at: int, previous: Number | None
) -> Number:
    near = _Near.of(tokens, kinds, at)
    text = near.text
    found = _ruled_out(near, previous)
    if found is None:
        found = _by_unit(near) or _by_word(near)
    meaning, by = found
    value = 0 if near.is_decimal or len(text) > _LONGEST else int(text)
    if near.unit == "k" and meaning in STEPS:
        return Number(at, f"{text}k", value * 1000, meaning, by)
    return Number(at, text, value, meaning, by)


def _ruled_out(near: _Near, previous: Number | None) -> tuple[Meaning, int] | None:
    """Return the meaning of a number that is no step, whatever its siblings are."""
    if len(near.text) > _LONGEST or near.follows_name or _is_copy(near):
        return "name", -1
    if not near.is_decimal and not near.unit and _is_part_of(near.tokens, near.kinds, near.at):
        return "part", near.before if near.word in _PART else -1
    if _is_name(near.word, touches=near.touches):
        return "name", -1
    if near.is_decimal and near.word in _SETTING:
        return "name", -1
    if previous is not None and _continues(near.tokens, previous, near.at):
        return "name", -1
    if near.word in _METRIC:
        return "metric", near.before
    return ("metric", -1) if near.is_decimal else None


def _by_unit(near: _Near) -> tuple[Meaning, int] | None:
    """Return the meaning that the letters right behind a number give it."""
    if near.unit in _STEP:
        return "step", near.at + 1
    if near.unit in _EPOCH:
        return "epoch", near.at + 1
    if not near.unit:
        return None
    counted = near.word in _STEP | _EPOCH | _SAVED or not near.word
    if near.unit == "k" and counted:
        return _plain(near.word), near.before if near.word else -1
    return "name", -1


def _by_word(near: _Near) -> tuple[Meaning, int]:
    """Return the meaning that a word before or behind a number gives it."""
    if near.word in _PART:
        return "part", near.before
    meaning = _plain(near.word)
    if meaning in ("step", "epoch"):
        return meaning, near.before
    behind = _behind(near.tokens, near.kinds, near.at)
    if behind >= 0:
        return "step" if near.tokens[behind].lower() in _STEP else "epoch", behind
    if meaning == "saved":
        return meaning, near.before
    return ("name" if near.touches and len(near.text) < _FEWEST_DIGITS else "open"), -1


def _is_name(word: str, *, touches: bool) -> bool:
    """Tell whether what is numbered is no moment: ``seed1``, ``v2``, ``d64``."""
    if len(word) == 1 and word not in _SAVED:
        return touches
    return word in _NAME


def _plain(word: str) -> Meaning:
    if word in _STEP:
        return "step"
    if word in _EPOCH:
        return "epoch"
    return "saved" if word in _SAVED else "open"


def _is_copy(near: _Near) -> bool:
    """Tell whether it counts copies of a file, as browsers and file managers do: ``x (1)``."""
    around = near.tokens[near.at - 2 : near.at], near.tokens[near.at + 1 : near.at + 2]
    return around == ((" ", "("), (")",))


def _is_part_of(tokens: tuple[str, ...], kinds: tuple[str | None, ...], at: int) -> bool:
    """Tell whether a number is counted: ``00001-of-00003``."""
    rest = [token.lower() for token in tokens[at + 1 : at + 5]]
    return rest[:3] in (["-", "of", "-"], ["_", "of", "_"]) and kinds[at + 4 : at + 5] == (
        "number",
    )


def _continues(tokens: tuple[str, ...], previous: Number, at: int) -> bool:
    """Tell whether a number goes on with a version: the ``.3`` of ``v1.2.3``."""
    return previous.meaning == "name" and previous.at == at - 2 and tokens[at - 1] == "."


def _behind(tokens: tuple[str, ...], kinds: tuple[str | None, ...], at: int) -> int:
    """Return the token of a word such as ``epochs`` that follows, unless it has its own number."""
    after = at + 1
    while after < len(tokens) and tokens[after] in _SEPARATORS:
        after += 1
    if after >= len(tokens) or kinds[after] != "word":
        return -1
    if tokens[after].lower() not in _STEP | _EPOCH:
        return -1
    further = after + 1
    while further < len(tokens) and tokens[further] in _SEPARATORS:
        further += 1
    has_own = further < len(tokens) and kinds[further] == "number"
    return -1 if has_own else after


def named_step(name: NumberedName) -> Number | None:
    """Return the number that a name itself calls a step: by ``step``, ``epoch``, ``ckpt``.

    A number of other meanings needs siblings to be a step.
    """
    for meaning in ("step", "epoch"):
        found = [number for number in name.numbers if number.meaning == meaning]
        if found:
            return found[-1]
    for place, number in enumerate(name.numbers):
        if number.meaning == "saved" and name.tokens[number.word].lower() in _CHECKPOINT:
            following = name.numbers[place + 1 : place + 2]
            # checkpoint_1_500: the epoch, and the updates until then.
            updates = [n for n in following if n.meaning == "open" and n.at == number.at + 2]
            return updates[0] if updates else number
    return None
