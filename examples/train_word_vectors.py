"""Watch word vectors form: ``python examples/train_word_vectors.py runs``.

Skip-grams with negative sampling, in NumPy alone, on sentences that are made up: who does what
where. Words of one kind come to lie together.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import projector

WORDS = {
    "animal": str.split("cat dog horse cow sheep goat fox wolf bear hare mouse owl"),
    "person": str.split("farmer baker teacher doctor pilot sailor singer painter judge miner"),
    "action": str.split("sees follows hears calls meets finds likes fears helps greets"),
    "place": str.split("forest village harbor meadow market school garden valley castle bridge"),
}
RATE = 0.02
KINDS = {word: kind for kind, words in WORDS.items() for word in words}
VOCABULARY = [*KINDS, "the", "in", "near", "a"]


def sentences(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return sentences as numbers of words: the farmer sees a fox near the village."""
    number = {word: at for at, word in enumerate(VOCABULARY)}

    def some(*kinds: str) -> np.ndarray:
        among = [number[word] for kind in kinds for word in WORDS[kind]]
        return rng.choice(among, count)

    def always(*words: str) -> np.ndarray:
        return rng.choice([number[word] for word in words], count)

    parts = [
        *(always("the", "a"), some("person"), some("action"), always("a", "the")),
        *(some("animal"), always("in", "near"), always("the"), some("place")),
    ]
    return np.stack(parts, axis=1)


def pairs(text: np.ndarray, window: int = 2) -> np.ndarray:
    """Return (word, neighbor) for all words that are at most `window` apart."""
    found = []
    for apart in range(1, window + 1):
        one = np.stack([text[:, :-apart].ravel(), text[:, apart:].ravel()], axis=1)
        found += [one, one[:, ::-1]]
    return np.concatenate(found)


def main(logdir: str, n_steps: int = 3000, every: int = 300) -> None:
    """Train, and write the vectors every few steps."""
    rng = np.random.default_rng(0)
    text = sentences(rng, 4000)
    context = pairs(text)
    counts = np.bincount(text.ravel(), minlength=len(VOCABULARY))
    inner = rng.normal(scale=0.1, size=(len(VOCABULARY), 16))
    outer = np.zeros_like(inner)
    about = {"kind": [KINDS.get(word, "other") for word in VOCABULARY], "count": counts}
    with projector.Writer(Path(logdir) / "word-vectors") as w:
        w.hparams({"dims": 16, "window": 2, "lr": RATE})
        for step in range(n_steps + 1):
            word, near = context[rng.integers(len(context), size=256)].T
            far = rng.integers(len(VOCABULARY), size=(256, 5))
            target = np.concatenate([near[:, None], far], axis=1)
            is_near = np.arange(6) == 0
            score = (outer[target] * inner[word][:, None]).sum(axis=2)
            slope = (1 / (1 + np.exp(-score)) - is_near)[:, :, None]
            change = (slope * outer[target]).sum(axis=1)
            np.add.at(outer, target, -RATE * slope * inner[word][:, None])
            np.add.at(inner, word, -RATE * change)
            if step % every == 0:
                w.add("words", inner, step=step, metadata=about, ids=VOCABULARY)
                loss = np.logaddexp(0, np.where(is_near, -score, score)).sum(axis=1).mean()
                w.scalars({"loss": loss}, step=step)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs")
