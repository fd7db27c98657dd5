"""What says how far a picture can be trusted, and how it came to be as it is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.acting import until
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def figures(page: Page) -> Locator:
    return page.get_by_role("region", name="Quality").get_by_role("listitem")


def status(page: Page) -> Locator:
    return page.get_by_role("contentinfo")


def started(page: Page) -> list[dict[str, Any]]:
    """Listen to what projections are asked for."""
    bodies: list[dict[str, Any]] = []

    def hear(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/projections"):
            bodies.append(json.loads(request.post_data or "{}"))

    page.on("request", hear)
    return bodies


def run_quickly(page: Page, method: str = "t-SNE", n_iter: int = 60) -> None:
    page.get_by_role("tab", name=method).click()
    page.get_by_role("textbox", name="n_iter").fill(str(n_iter))
    page.get_by_role("button", name=f"Run {method}").click()


# Quality


def test_a_small_picture_is_measured_by_itself_and_once(visit: Visit) -> None:
    page = visit.open()
    expect(figures(page)).to_have_count(4)
    expect(page.get_by_role("button", name="Trustworthiness 0.")).to_be_visible()
    expect(status(page).get_by_text("quality 0.")).to_be_visible()
    # A projection that is there already is fetched, one that is being computed is streamed.
    picture = re.compile("/(positions|frames)")
    first = next(i for i, url in enumerate(visit.requests) if picture.search(url))
    asked = [i for i, url in enumerate(visit.requests) if re.search("/api/.*/quality", url)]
    assert len(asked) == 1
    assert asked[0] > first, "the first picture comes before its measure"
    page.get_by_role("tab", name="Axes").click()
    page.get_by_role("tab", name="PCA").click()
    expect(figures(page)).to_have_count(4)
    visit.settle()
    assert len([url for url in visit.requests if re.search("/api/.*/quality", url)]) == 1


def test_each_figure_says_what_it_means_and_what_pca_and_chance_have(visit: Visit) -> None:
    page = visit.open()
    overlap = page.get_by_role("button", name="Neighbor overlap 0.")
    overlap.hover()
    expect(page.get_by_text("Share of the 15 true nearest neighbors")).to_be_visible()
    name = overlap.get_attribute("aria-label") or ""
    assert ", PCA 0." in name
    assert ", random 0.0" in name
    page.get_by_role("button", name="Continuity 0.").focus()
    expect(
        page.get_by_text("Are neighbors in the original space also neighbors in the plot?")
    ).to_be_visible()


def test_what_a_flat_pca_is_measured_by_is_flat(visit: Visit) -> None:
    page = visit.open()
    row = page.get_by_role("button", name="Trustworthiness 0.")
    flat = row.get_attribute("aria-label") or ""
    assert flat.startswith(f"Trustworthiness {flat.split('PCA ')[1][:4]}"), "two components each"
    page.get_by_role("radio", name="3D").check(force=True)
    expect(row).not_to_have_accessible_name(flat)
    # The picture that was only made to be judged stands in no list.
    expect(page.get_by_text("Previous projections")).to_have_count(0)


def test_points_are_colored_by_their_own_figure(visit: Visit) -> None:
    page = visit.open()
    choice = page.get_by_role("combobox", name="Color by")
    choice.select_option(label="Neighbor overlap")
    expect(page.get_by_role("img", name="Color ramp from 0 to")).to_be_visible()
    assert visit.state()["color"] == "this picture: overlap"
    assert visit.state()["colorScale"] == "numeric"
    expect(page.get_by_role("group", name="Color scale")).to_have_count(0)
    page.evaluate("window.projector.select([5])")
    point = page.get_by_role("region", name="Point", exact=True)
    expect(point.get_by_text("Quality around this point")).to_be_visible()
    expect(point.get_by_text("Distance correlation")).to_be_visible()
    visit.settle()
    until(page, lambda: "overlap" in page.url, "the address")
    page.reload()
    visit.ready()
    expect(page.get_by_role("img", name="Color ramp from 0 to")).to_be_visible()


# Steps


def test_the_next_step_is_laid_on_the_one_before(visit: Visit) -> None:
    page = visit.open("#steps=alone")
    bodies = started(page)
    run_quickly(page)
    expect(page.get_by_text("Computed in").or_(figures(page).first)).to_be_visible()
    page.get_by_role("button", name="Previous step").click()
    note = page.get_by_text("Aligned to step 2,000: rotated by")
    expect(note).to_be_visible()
    expect(status(page).get_by_text("aligned to step 2,000")).to_be_visible()
    sent = [body for body in bodies if body["method"] == "tsne"]
    assert "align_to" not in sent[0]
    assert sent[1]["align_to"] == sent[1]["initial"]
    note.click()
    expect(page.get_by_text("0 is the same shape, 1 is unrelated")).to_be_visible()


def test_steps_can_be_left_free_and_that_is_remembered(visit: Visit) -> None:
    page = visit.open("#steps=alone")
    bodies = started(page)
    run_quickly(page)
    keep = page.get_by_role("checkbox", name="Keep orientation between steps")
    expect(keep).to_be_checked()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    keep.uncheck()
    page.get_by_role("button", name="Previous step").click()
    expect(status(page).get_by_text("t-SNE 2D")).to_be_visible()
    until(
        page,
        lambda: visit.state()["step"] == 1000 and not visit.state()["live"],
        "the step before",
    )
    assert all("align_to" not in body for body in bodies)
    expect(page.get_by_text("Aligned to")).to_have_count(0)
    until(page, lambda: "keep=0" in page.url, "the address")
    page.goto("about:blank")
    visit.open()
    page.get_by_role("tab", name="t-SNE").click()
    expect(keep).not_to_be_checked()
    page.get_by_role("tab", name="PCA").click()
    expect(keep).to_have_count(0)


# What is changed while it runs


def test_a_running_layout_is_steered_and_says_so(visit: Visit) -> None:
    page = visit.open()
    run_quickly(page, n_iter=4000)
    live = page.get_by_role("group", name="Live parameters")
    live.get_by_role("textbox", name="exaggeration", exact=True).fill("3")
    panel = page.get_by_role("tabpanel", name="t-SNE")
    changed = panel.get_by_text("cannot be reproduced from its settings")
    expect(changed).to_be_visible()
    expect(page.get_by_role("button", name="Run t-SNE")).to_have_count(0)
    with page.expect_request(lambda request: request.url.endswith("/actions/perturb")) as sent:
        live.get_by_role("button", name="Perturb").click()
    assert sent.value.method == "POST"
    expect(status(page).get_by_text("modified during the run")).to_be_visible()
    # It can be ended early by what it is: the number of its steps.
    page.get_by_role("textbox", name="n_iter").fill("300")
    until(page, lambda: not visit.state()["live"], "the end")
    expect(changed).to_be_visible()
    expect(
        page.get_by_text("Run computes this from scratch with these parameters.")
    ).to_be_visible()
    assert visit.state()["params"]["exaggeration"] == 3
    page.get_by_text("Previous projections").click()
    made = page.get_by_role("list").get_by_role("button", name="modified")
    expect(made).to_be_visible()


# Labels and landmarks


def test_labels_take_part_and_the_picture_says_so(visit: Visit) -> None:
    page = visit.open()
    bodies = started(page)
    page.get_by_role("tab", name="t-SNE").click()
    page.get_by_role("textbox", name="n_iter").fill("60")
    page.get_by_text("Supervision").click()
    page.get_by_role("combobox", name="supervise_by").select_option("label")
    page.get_by_role("combobox", name="ignored_label").select_option("3")
    expect(page.get_by_text("supervised by label, ignoring 3")).to_be_visible()
    page.get_by_role("button", name="Run t-SNE").click()
    expect(status(page).get_by_text("supervised by label · ignoring 3")).to_be_visible()
    sent = bodies[-1]["params"]
    assert sent["supervise_by"] == "label"
    assert sent["ignored_label"] == "3"
    visit.settle()
    until(page, lambda: "ignored_label=" in page.url, "the address")
    page.reload()
    visit.ready()
    expect(status(page).get_by_text("ignoring 3")).to_be_visible()


def test_landmarks_are_explained_and_named(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("tab", name="t-SNE").click()
    page.get_by_role("textbox", name="n_iter").fill("60")
    page.get_by_text("Advanced").click()
    expect(page.get_by_text("next to their nearest sampled neighbors")).to_be_visible()
    field = page.get_by_role("textbox", name="n_landmarks")
    expect(field).to_have_attribute("placeholder", "all")
    field.fill("500")
    page.get_by_role("button", name="Run t-SNE").click()
    expect(status(page).get_by_text("500 landmarks")).to_be_visible()
