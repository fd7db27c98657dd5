"""Matches embeddings that no config names with their labels.

The evidence is the number of rows, the names, and for vocabularies what a tensor is called. What is
used, and what is not although it would fit, is said in the dataset's warnings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from projector.loaders.logdir.label_candidates import Candidate, Candidates
from projector.loaders.logdir.label_names import (
    LabelName,
    is_auxiliary,
    is_output,
    label_name,
    token_likeness,
)
from projector.loaders.logdir.sources import Source
from projector.loaders.naming import is_moment

#: A padded embedding has at most this many times the rows of its vocabulary.
_MOST_PADDING = 2
#: With more embeddings in a folder, labels must have exactly the words of their names.
_MANY = 1000
_BESIDE = "it is in the same folder"
_NEAR = "it is in a folder beside"
_IN_FILE = "it is in the same file"


@dataclass
class Served:
    """Which files serve as labels.

    Attributes
    ----------
    columns : set of str
        Files whose columns are shown with an embedding; they are no embeddings themselves.
    names : set of str
        Tables that may be matched by names; that they have no vectors is no problem.
    """

    columns: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def attach_labels(sources: Sequence[Source], candidates: Candidates) -> Served:
    """Give labels to every source that a config gives none.

    Parameters
    ----------
    sources : sequence of Source
        Changed in place.
    candidates : Candidates

    Returns
    -------
    Served
    """
    by_folder: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        if _takes_labels(source):
            by_folder[source.file.home].append(source)
    served = Served()
    for folder, inside in by_folder.items():
        _from_own_file(inside, candidates, served)
        counts = {source.n_points for source in inside}
        offered = [*candidates.arrays_in(folder), *candidates.tables_in(folder, counts)]
        served.columns |= _attach(inside, offered, _BESIDE)
        rest = [s for s in inside if not s.has_metadata and s.tensor.role == "embedding"]
        for near in candidates.around(folder) if rest else ():
            beside = candidates.tables_in(near, {source.n_points for source in rest})
            tables = [each for each in beside if each.name.kinds or each.is_vocabulary]
            served.columns |= _attach(rest, tables, _NEAR)
            rest = [source for source in rest if not source.has_metadata]
        for source in inside if offered else ():
            served.names |= _by_names(source, offered)
            _say_what_does_not_fit(source, offered)
    return served


def is_only_labels(source: Source) -> bool:
    """Tell whether a source that serves as labels is no embedding of its own."""
    return source.is_table or source.tensor.shape[1] == 1


def _takes_labels(source: Source) -> bool:
    if source.metadata is not None or source.labels:
        return False
    if source.n_points < 2 or is_moment(source.tensor.name):
        return False
    return not (source.named and not source.lost_metadata)


def _from_own_file(inside: Sequence[Source], candidates: Candidates, served: Served) -> None:
    by_file: dict[str, list[Source]] = defaultdict(list)
    for source in inside:
        if candidates.of_file(source.file.where):
            by_file[source.file.where].append(source)
    for where, sources in by_file.items():
        own = [replace(each, own=True) for each in candidates.of_file(where)]
        if _attach(sources, own, _IN_FILE):
            served.columns.add(where)


def _is_itself(candidate: Candidate, source: Source) -> bool:
    """Tell whether a column of numbers, N x 1, would be a label of itself or of another such."""
    if source.file.where != candidate.file.where:
        return False
    return not candidate.own or source.tensor.shape[1] == 1


def _attach(sources: Sequence[Source], offered: Sequence[Candidate], where: str) -> set[str]:
    """Attach what fits by rows, and return the files that serve."""
    if not offered:
        return set()
    offers: dict[int, list[tuple[Candidate, int]]] = defaultdict(list)
    by_words = _by_words(sources) if len(sources) > _MANY else {}
    for candidate in offered:
        some = by_words.get(candidate.name.words, []) if by_words else sources
        fitting = _fitting(candidate, some)
        scores = [_score(candidate.name, source) for source in fitting]
        best = max(scores, default=0)
        for source, score in zip(fitting, scores, strict=True):
            if score == best or best == 0:
                offers[id(source)].append((candidate, score))
    served: set[str] = set()
    for source in sources if offers else ():
        if id(source) not in offers:
            continue
        chosen, doubtful = _chosen(offers[id(source)])
        for candidate in chosen:
            source.labels.append(candidate.use(_reason(candidate, source, where)))
            served.add(candidate.file.where)
        if doubtful:
            names = " and ".join(candidate.file.name for candidate in doubtful[:3])
            source.warnings.append(
                f"{names} would both be labels by their number of rows, {source.n_points:,}, and "
                "none is used. Name the right one in a config, or give it the vectors' name."
            )
            served |= {candidate.file.where for candidate in doubtful}
    return served


def _by_words(sources: Sequence[Source]) -> dict[frozenset[str], list[Source]]:
    """Index many sources by the words of their names, so that not all pairs are looked at."""
    found: dict[frozenset[str], list[Source]] = defaultdict(list)
    for source in sources:
        found[label_name(source.file.stem).words].append(source)
    return found


def _fitting(candidate: Candidate, sources: Sequence[Source]) -> list[Source]:
    """Return the sources whose rows these labels may belong to."""
    if candidate.is_vocabulary:
        return _of_tokens(candidate, sources)
    fitting = [
        source
        for source in sources
        if candidate.fits(source.n_points)
        and not source.tensor.labeled
        and not is_auxiliary(source.tensor.name)
        and not _is_itself(candidate, source)
    ]
    embeddings = [source for source in fitting if source.tensor.role == "embedding"]
    if embeddings:
        return embeddings + _of_the_same_rows(embeddings, fitting)
    # Which of a model's weights the rows of a table belong to, only their number of rows tells.
    weights = [source for source in fitting if source.tensor.role == "weight"]
    return weights if len({source.tensor.name for source in weights}) == 1 else []


def _of_the_same_rows(chosen: Sequence[Source], others: Sequence[Source]) -> list[Source]:
    """Return tensors with the shape of a chosen one of their file: tied weights, slots of it."""
    shapes = {(source.file.where, source.tensor.shape) for source in chosen}
    return [
        source
        for source in others
        if source.tensor.role != "embedding"
        and (source.file.where, source.tensor.shape) in shapes
        and not is_moment(source.tensor.name)
    ]


def _of_tokens(candidate: Candidate, sources: Sequence[Source]) -> list[Source]:
    """Return the sources that have one row per token of a vocabulary."""
    n_rows = candidate.n_rows
    likely = [
        (token_likeness(source.tensor.name), source)
        for source in sources
        if not source.tensor.labeled
        and (
            source.tensor.role == "embedding"
            or is_output(source.tensor.name)
            or token_likeness(source.tensor.name) > 1
        )
    ]
    exact = [source for _, source in likely if candidate.fits(source.n_points)]
    tokens = [source for source in exact if token_likeness(source.tensor.name)]
    if tokens:
        others = [source for source in sources if not source.tensor.labeled]
        return tokens + _of_the_same_rows(tokens, [s for s in others if s not in tokens])
    if not likely:
        weights = [s for s in sources if s.tensor.role == "weight" and not s.tensor.labeled]
        whole = [source for source in weights if candidate.fits(source.n_points)]
        return whole if len({source.tensor.name for source in whole}) == 1 else []
    best = max(score for score, _ in likely)
    padded = [
        source
        for score, source in likely
        if score == best
        and best > 0
        and n_rows <= _MOST_PADDING * source.n_points
        and source.n_points <= _MOST_PADDING * n_rows
        and (source.n_points > n_rows or _is_counted(candidate))
        and (score > 1 or source.n_points % 8 == 0 or source.n_points - n_rows <= n_rows / 8)
    ]
    others = [source for source in sources if not source.tensor.labeled and source not in padded]
    return padded + _of_the_same_rows(padded, others)


def _is_counted(candidate: Candidate) -> bool:
    """Tell whether each token comes with its row, so that those beyond the last row can be left."""
    return candidate.labels is not None and candidate.labels.kind == "json"


def _score(name: LabelName, source: Source) -> int:
    """Return how many words, other than for labels and vectors, the names share."""
    return len(name.all_words & _words(source))


def _words(source: Source) -> frozenset[str]:
    own = label_name(source.file.stem).all_words
    return own if source.tensor.whole else own | label_name(source.tensor.name).all_words


def _chosen(
    offers: list[tuple[Candidate, int]],
) -> tuple[list[Candidate], list[Candidate]]:
    """Return which labels are used together, and those between which the names do not decide."""
    vocabularies = [c for c, _ in offers if c.is_vocabulary]
    others = [(c, score) for c, score in offers if not c.is_vocabulary]
    chosen = _best_vocabulary(vocabularies)
    doubtful: list[Candidate] = []
    groups: dict[object, list[tuple[Candidate, int]]] = defaultdict(list)
    for candidate, score in others:
        groups[_group(candidate)].append((candidate, score))
    unnamed = groups.pop("table", [])
    for group in groups.values():
        used, unclear = _best(group)
        chosen += used
        doubtful += unclear
    if unnamed and not any(candidate.labels is not None for candidate in chosen):
        used, unclear = _best(unnamed)
        if len(used) == 1:
            chosen += used
        doubtful += unclear
    return chosen, doubtful


def _group(candidate: Candidate) -> object:
    """Return what rivals have in common: labels of one kind, or tables without a telling name."""
    if candidate.name.kinds:
        return (candidate.name.kinds, candidate.own)
    if candidate.labels is not None:
        return "table"
    return (candidate.title, candidate.own)


def _best(
    group: list[tuple[Candidate, int]],
) -> tuple[list[Candidate], list[Candidate]]:
    best = max(score for _, score in group)
    found = [candidate for candidate, score in group if score == best]
    if len(found) == 1:
        return found, []
    named = [c for c in found if c.name.words]
    distinct = all(c.is_column for c in found) and not any(c.name.is_split_only for c in named)
    if distinct and len({c.name for c in found}) == len(found) and found[0].name.kinds:
        return found, []
    return [], found


def _best_vocabulary(found: list[Candidate]) -> list[Candidate]:
    """Return one vocabulary: ``tokenizer.json`` has all tokens, then JSON before text."""
    kinds = ("tokenizer.json", ".json", ".txt")
    order = sorted(
        found,
        key=lambda c: next((n for n, end in enumerate(kinds) if c.file.name.endswith(end)), 9),
    )
    return order[:1]


def _reason(candidate: Candidate, source: Source, where: str) -> str:
    if candidate.is_vocabulary:
        return f"used as the tokens of the rows, because {where}."
    return (
        f"not named by a config; used as metadata because {where} and has as many rows, "
        f"{source.n_points:,}."
    )


def _by_names(source: Source, offered: Iterable[Candidate]) -> set[str]:
    """Let tables whose rows do not fit be matched by the points' own names, if they have any."""
    if source.tensor.doubtful or not (source.tensor.labeled or source.labels):
        return set()
    used = {file.where for use in source.labels for file in use.files} | {source.file.where}
    tables = [
        candidate
        for candidate in offered
        if candidate.labels is not None
        and not candidate.is_vocabulary
        and candidate.file.where not in used
    ]
    source.labels += [candidate.use("") for candidate in tables]
    return {candidate.file.where for candidate in tables}


def _say_what_does_not_fit(source: Source, offered: Iterable[Candidate]) -> None:
    """Warn of labels beside an embedding that has none, because their rows do not fit."""
    if source.has_metadata or source.tensor.role != "embedding":
        return
    if is_auxiliary(source.tensor.name):
        return
    for candidate in offered:
        if candidate.name.kinds and not candidate.fits(source.n_points):
            source.warnings.append(
                f"{candidate.file.name} has {candidate.n_rows:,} rows for {source.n_points:,} "
                "points and is not used."
            )
