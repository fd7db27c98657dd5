"""Faults of exports: cells that a spreadsheet would run, and labels that are no XML."""

from __future__ import annotations

import csv
import random
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import projector
from faults.trial import Outcome, Trial
from projector.model.metadata import Metadata
from projector.model.projection import Projection

_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
_BEFORE = ["", " ", "\t", "\r", "\n", '"', "'", "''", '" ', "\u00a0", "\ufeff", "\u200b"]
_AFTER = ["", "1", "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example")', "x", " 5", "é"]
#: A cell that begins as a formula does, after what spreadsheets skip.
_RUNS = re.compile(rf'^[\s\0"\u00a0\ufeff\u200b]*[{re.escape(_SIGNS)}]')
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?\s*", re.IGNORECASE | re.ASCII)


def _texts(seed: int) -> list[str]:
    chance = random.Random(seed)
    made = [b + s + a for b in _BEFORE for s in _SIGNS for a in _AFTER]
    made += ["-5", "+0.25", "-1e-3", "plain", "'tis", "a=b", "007"]
    chance.shuffle(made)
    return made


def _tables() -> Outcome:
    outcome = Outcome()
    with TemporaryDirectory() as folder:
        for seed, suffix in enumerate([".csv", ".tsv", ".csv"]):
            texts = _texts(seed)
            positions = np.random.default_rng(seed).normal(size=(len(texts), 3)).astype("<f4")
            metadata = Metadata.from_mapping({"=name": texts, "plain": ["a"] * len(texts)})
            made = Projection(positions, "pca", {})
            path = made.save(Path(folder) / f"map{seed}{suffix}", metadata=metadata)
            with path.open(newline="") as file:
                rows = csv.reader(file, delimiter="," if suffix == ".csv" else "\t")
                for cell in (cell for row in rows for cell in row if cell):
                    runs = _RUNS.match(cell) and not _NUMBER.fullmatch(cell)
                    outcome.count(not runs and cell[0] not in "\t\r\n", repr(cell))
            found = projector.load(path)
            back = dict(zip(found.metadata.names, found.metadata.columns, strict=True))
            for text, again in zip(texts, back["=name"].text.to_list(), strict=True):
                outcome.count(text == again, f"{text!r} came back as {again!r}")
    return outcome


def _svg() -> Outcome:
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import launch

    outcome = Outcome()
    codes = [*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF, 0xFDD0, 0x200B, 0x202E, 0x1F600]
    words = [f"a{chr(code)}b" for code in codes if chr(code) not in "\t\r\n"] + ["]]>", "<!--&"]
    angles = np.linspace(0, 2 * np.pi, len(words), endpoint=False)
    vectors = np.column_stack([np.cos(angles), np.sin(angles), np.zeros(len(words))])
    data = projector.Dataset(vectors.astype("<f4"), metadata={"label": words})
    with (
        projector.serve(data, port=0) as server,
        TemporaryDirectory() as folder,
        sync_playwright() as playwright,
    ):
        chromium = launch(playwright)
        page = chromium.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(server.url)
        page.evaluate("window.projector.ready")
        for start in range(0, len(words), 14):
            rows = [*range(len(words))][start : start + 14]
            page.evaluate("rows => projector.select(rows)", rows)
            page.wait_for_function("() => !projector.state().busy")
            # A dialog that is on its way out is not opened again.
            while page.locator("dialog[open]").count() == 0:
                page.keyboard.press("e")
                page.wait_for_timeout(200)
            with page.expect_download() as download:
                page.get_by_role("button", name="Save SVG").click()
            path = Path(folder) / f"{start}.svg"
            download.value.save_as(path)
            page.keyboard.press("Escape")
            try:
                shown = {each.text for each in ET.parse(path).iter() if each.tag.endswith("text")}
            except ET.ParseError as error:
                shown = set()
                outcome.count(False, str(error))
            for row in rows:
                legal = _NO_XML.sub("\ufffd", words[row])
                outcome.count(legal in shown, f"{words[row]!r} is not in {shown}")
        chromium.close()
    return outcome


TRIALS = (
    Trial(
        "No spreadsheet runs a cell, and every cell is read back",
        "Formulas behind spaces, quotes, marks and apostrophes, in CSV and TSV",
        _tables,
    ),
    Trial(
        "An SVG is well-formed whatever the labels are",
        "Labels with every control character, read by a strict parser",
        _svg,
    ),
)
