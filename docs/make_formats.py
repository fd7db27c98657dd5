"""Writes the tables of docs/formats.md from the loaders: ``python docs/make_formats.py``."""

from __future__ import annotations

from pathlib import Path

import click

from projector.loaders.formats.convertible import CONVERTIBLE
from projector.loaders.formats.registry import described

PAGE = Path(__file__).with_name("formats.md")
_START = "<!-- The tables up to the next comment are made by python docs/make_formats.py -->\n"
_END = "<!-- end -->\n"
#: The loader of the second table.
_OWN_TABLE = "recognized"


def tables() -> str:
    """Return both tables."""
    read = ["| what you have | usual suffixes | what you get |", "|---|---|---|"]
    for loader in described():
        if loader.name != _OWN_TABLE:
            read.append(f"| {loader.title} | {_suffixes(loader.extensions)} | {loader.gives} |")
    other = ["| what you have | usual suffixes | what to do |", "|---|---|---|"]
    for each in sorted(CONVERTIBLE, key=lambda kind: kind.title.partition(" ")[2].casefold()):
        what = each.title.partition(" ")[2]
        advice = each.advice.format(name="FILE").replace("|", "\\|")
        before, colon, code = advice.partition(": ")
        typed = f"{before}: `{code}`" if colon and " " in code else advice
        other.append(f"| {what} | {_suffixes(each.suffixes)} | {typed} |")
    return "\n".join(
        ["", *read, "", "Not read, but named, with what converts them:", "", *other, ""]
    )


def _suffixes(suffixes: tuple[str, ...]) -> str:
    return ", ".join(f"`{suffix}`" for suffix in suffixes)


def page(text: str) -> str:
    """Return the text of docs/formats.md with its tables made anew."""
    before, _, rest = text.partition(_START)
    _, _, after = rest.partition(_END)
    return f"{before}{_START}{tables()}\n{_END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
    click.echo(f"wrote the tables of {PAGE.name}")
