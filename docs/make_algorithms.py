"""Writes the parameter tables of algorithms.md from the declarations of the methods.

This program replaces what is between ``<!-- parameters: NAME -->`` and ``<!-- end -->``. Run
``python docs/make_algorithms.py`` after a declaration has changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from projector.api.estimators.foreign_arguments import (
    PCA_ARGUMENTS,
    TSNE_ARGUMENTS,
    UMAP_ARGUMENTS,
    Foreign,
)
from projector.api.options import LANDMARKS, SUPERVISION
from projector.compute import METHODS
from projector.compute.health.figures import FIGURES
from projector.compute.preprocess import PREPROCESSING
from projector.model.parameters import Parameter

#: The arguments of other libraries, by estimator.
FOREIGN = {"pca": PCA_ARGUMENTS, "tsne": TSNE_ARGUMENTS, "umap": UMAP_ARGUMENTS}
PAGE = Path(__file__).parent / "algorithms.md"


def table(parameters: Iterable[Parameter]) -> str:
    """Return the declarations as a table."""
    lines = ["| parameter | default | values | meaning |", "|---|---|---|---|"]
    for each in parameters:
        values = each.expected().replace("'", "`")
        lines.append(f"| `{each.name}` | {each.shown(each.default)} | {values} | {each.help} |")
    return "\n".join(lines)


def foreign_table(known: Mapping[str, Foreign]) -> str:
    """Return the arguments of other libraries as a table."""
    lines = ["| argument | taken as | otherwise | why it is not here |", "|---|---|---|---|"]
    for name, each in known.items():
        same = ", ".join(f"`{value!r}`" for value in each.same)
        otherwise = "a warning" if each.is_harmless else "an error"
        lines.append(f"| `{name}` | {same} | {otherwise} | {each.reason} |")
    return "\n".join(lines)


def health_table() -> str:
    """Return the figures of health as a table."""
    lines = ["| figure | formula | source | alarm |", "|---|---|---|---|"]
    for each in FIGURES:
        alarms = "; ".join(f"{rule.kind} {rule.limit:g}" for rule in each.rules)
        formula = each.formula.replace("|", "\\|")
        lines.append(f"| `{each.name}`: {each.title} | {formula} | {each.source} | {alarms} |")
    return "\n".join(lines)


def page(text: str) -> str:
    """Return the page with tables of the current declarations."""
    tables = {name: table(method.parameters) for name, method in METHODS.items()}
    tables |= {f"foreign_{name}": foreign_table(known) for name, known in FOREIGN.items()}
    tables |= {
        "preprocessing": table(PREPROCESSING),
        "supervision": table(SUPERVISION),
        "landmarks": table(LANDMARKS),
        "health": health_table(),
    }

    def put(match: re.Match[str]) -> str:
        name = match[1]
        return f"<!-- parameters: {name} -->\n{tables[name]}\n<!-- end -->"

    return re.sub(r"<!-- parameters: (\w+) -->\n.*?<!-- end -->", put, text, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
