"""The figures of an embedding's health, and when they raise an alarm: one declaration each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rule:
    """When a figure raises an alarm.

    Attributes
    ----------
    kind : str
        ``"above"`` or ``"below"`` the limit; ``"rising above"`` it, compared with the step
        before; ``"falls to"`` or ``"grows to"`` at least that multiple of the step before;
        ``"rises"`` by more than the limit.
    limit : float
    words : str
        The sentence, with places for ``value``, ``before``, ``limit`` and the figures' own names.
    """

    kind: Literal["above", "below", "rising above", "falls to", "grows to", "rises"]
    limit: float
    words: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that says something about an embedding.

    Attributes
    ----------
    name, title : str
    formula : str
    source : str
        Where the definition comes from; empty for plain counts.
    rules : tuple of Rule
        The limits are judgment except where the source gives one.
    needs_labels : bool
    """

    name: str
    title: str
    formula: str
    source: str = ""
    rules: tuple[Rule, ...] = ()
    needs_labels: bool = False


FIGURES = (
    Figure(
        "effective_rank",
        "Effective rank",
        "exp(−Σ p ln p), p = λ/Σλ, λ the variances along the principal components",
        "Roy and Vetterli 2007, of variances",
        (
            Rule(
                "falls to",
                0.5,
                "The effective rank fell from {before:.3g} to {value:.3g} within one step.",
            ),
            Rule(
                "below",
                2.0,
                "The effective rank is {value:.3g} of {n_dims:,} dimensions: almost all variance "
                "is along one direction.",
            ),
        ),
    ),
    Figure(
        "rankme",
        "RankMe",
        "exp(−Σ p ln p), p = σ/Σσ + 10⁻⁷, σ the singular values of the vectors, not centered",
        "Garrido et al. 2023; comparable between runs of one method only",
    ),
    Figure("participation_ratio", "Participation ratio", "(Σλ)²/Σλ²"),
    Figure(
        "top1_share",
        "Share of the first component",
        "λ₁/Σλ",
        "",
        (Rule("above", 0.9, "One direction has {value:.1%} of all variance."),),
    ),
    Figure(
        "mean_cosine",
        "Mean cosine",
        "(‖Σu‖² − n)/(n(n − 1)), u the vectors at length 1",
        "Ethayarajh 2019",
        (
            Rule(
                "rising above",
                0.95,
                "The mean cosine of two points rose from {before:.3f} to {value:.3f}: cosine tells "
                "little apart. Center the vectors.",
            ),
        ),
    ),
    Figure(
        "uniformity",
        "Uniformity",
        "ln mean exp(−2‖uᵢ − uⱼ‖²) over all pairs of 2,000 seeded points",
        "Wang and Isola 2020",
        (
            Rule(
                "above",
                -0.1,
                "The uniformity is {value:.3f}: all directions are nearly the same one "
                "(collapsed).",
            ),
        ),
    ),
    Figure(
        "dead_dims",
        "Dead dimensions",
        "dimensions with a standard deviation of at most 10⁻⁶ of the largest",
        "",
        (
            Rule(
                "above",
                0,
                "{value:,.0f} of {n_dims:,} dimensions are dead, with the same value for all "
                "points: {dead}.",
            ),
        ),
    ),
    Figure(
        "norm_median",
        "Median length",
        "median of ‖x‖",
        "",
        (
            Rule(
                "grows to",
                10.0,
                "The median length of the vectors grew from {before:.3g} to {value:.3g} within "
                "one step.",
            ),
        ),
    ),
    Figure("norm_cv", "Variation of lengths", "standard deviation of ‖x‖ over its mean"),
    Figure(
        "norm_ratio",
        "Longest over median",
        "largest ‖x‖ over the median",
        "",
        (
            Rule(
                "above",
                10.0,
                "The longest vector is {value:.3g} times as long as the median one.",
            ),
        ),
    ),
    Figure(
        "largest_dim_share",
        "Share of the largest dimension",
        "largest variance of a dimension over the sum of all",
        "rogue dimensions: Timkey and van Schijndel 2021",
        (
            Rule(
                "above",
                0.5,
                "Dimension {largest_dim} has {value:.1%} of the variance of all {n_dims:,}.",
            ),
        ),
    ),
    Figure("n_zero", "Zero vectors", "rows of zeros"),
    Figure(
        "n_not_finite",
        "Rows with NaN or infinity",
        "rows with a number that is not finite; all other figures leave them out",
        "",
        (Rule("above", 0, "{value:,.0f} of {n_points:,} vectors have NaN or infinity."),),
    ),
    Figure(
        "duplicate_share",
        "Duplicates",
        "share of rows that equal an earlier one exactly",
        "",
        (
            Rule("above", 0.01, "{value:.1%} of the vectors are exact duplicates of others."),
            Rule("rises", 0.0, "Exact duplicates rose from {before:.2%} to {value:.2%}."),
        ),
    ),
    Figure(
        "hubness",
        "Hubness",
        "skewness of N₁₀, how often a point is among the 10 nearest of others",
        "Radovanović, Nanopoulos and Ivanović 2010; the limit: Feldbauer and Flexer 2019",
        (
            Rule(
                "above",
                1.4,
                "The hubness is {value:.3g}: a few points are neighbors of very many, one of "
                "{largest_hub:,.0f}.",
            ),
        ),
    ),
    Figure(
        "antihub_share",
        "Antihubs",
        "share of points with N₁₀ = 0",
        "Radovanović, Nanopoulos and Ivanović 2010",
        (Rule("above", 0.1, "{value:.1%} of the points are nobody's neighbor."),),
    ),
    Figure("largest_hub", "Largest hub", "largest N₁₀"),
    Figure(
        "twonn",
        "Intrinsic dimension (TwoNN)",
        "slope of −ln(1 − F) over ln(r₂/r₁), the lowest 90 %; at least, above 20",
        "Facco et al. 2017",
    ),
    Figure(
        "mle",
        "Intrinsic dimension (MLE)",
        "1 over the mean of ln(r₁₅/rⱼ), j = 1 … 14; at least, above 20",
        "Levina and Bickel 2005, inverses averaged as by MacKay and Ghahramani",
    ),
    Figure(
        "label_agreement",
        "Label agreement",
        "share of the 10 neighbors with the point's label",
        needs_labels=True,
    ),
    Figure(
        "nearest_center",
        "Nearest-center accuracy",
        "share of points whose nearest class mean is their own",
        "NC4 of Papyan, Han and Donoho 2020",
        needs_labels=True,
    ),
    Figure("within_between", "Within over between", "tr Σ_W / tr Σ_B", needs_labels=True),
    Figure("nc1", "NC1", "tr(Σ_W Σ_B⁺)/C", "Papyan, Han and Donoho 2020", needs_labels=True),
    Figure(
        "nc2_norms",
        "NC2, lengths",
        "standard deviation over mean of the lengths of centered class means",
        "Papyan, Han and Donoho 2020",
        needs_labels=True,
    ),
    Figure(
        "nc2_angles",
        "NC2, angles",
        "mean |cos + 1/(C − 1)| over pairs of centered class means",
        "Papyan, Han and Donoho 2020",
        needs_labels=True,
    ),
)
