"""Write the parameter tables of algorithms.md from the methods' own declarations.

Between ``<!-- parameters: NAME -->`` and ``<!-- end -->`` stands what this program puts there:
run ``python docs/make_algorithms.py`` after a declaration has changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from projector.api.options import LANDMARKS, SUPERVISION
from projector.compute import METHODS
from projector.compute.preprocess import PREPROCESSING
from projector.model.parameters import Parameter

PAGE = Path(__file__).parent / "algorithms.md"


def table(parameters: Iterable[Parameter]) -> str:
    """Return the declarations as a table."""
    lines = ["| parameter | default | values | meaning |", "|---|---|---|---|"]
    for each in parameters:
        default = "none" if each.default is None else str(each.default).lower()
        values = each.expected().replace("'", "`")
        lines.append(f"| `{each.name}` | {default} | {values} | {each.help} |")
    return "\n".join(lines)


def page(text: str) -> str:
    """Return the page with its tables as they are declared now."""
    tables = {name: table(method.parameters) for name, method in METHODS.items()}
    tables |= {
        "preprocessing": table(PREPROCESSING),
        "supervision": table(SUPERVISION),
        "landmarks": table(LANDMARKS),
    }

    def put(match: re.Match[str]) -> str:
        name = match[1]
        return f"<!-- parameters: {name} -->\n{tables[name]}\n<!-- end -->"

    return re.sub(r"<!-- parameters: (\w+) -->\n.*?<!-- end -->", put, text, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
