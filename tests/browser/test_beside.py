"""What stands beside the picture: dropped files, media, scalars, questions, a log that goes on."""

from __future__ import annotations

import json
import shutil
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

import projector
from tests.browser.acting import still_box, until
from tests.browser.conftest import Visit, a_page
from tests.conftest import DEMO

pytestmark = pytest.mark.browser

RUN = "mlp-relu-16"


@contextmanager
def visiting(browser: Browser, logdir: Path) -> Iterator[Visit]:
    """Open a page on a log directory of its own."""
    with projector.serve(logdir, port=0) as server, a_page(browser, server.url) as visit:
        yield visit


def save_vectors(path: Path, n_points: int = 40, seed: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    vectors = np.random.default_rng(seed).normal(size=(n_points, 6)).astype(np.float32)
    # Under another name first: a watcher must never meet half a file.
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        np.save(file, vectors)
    part.replace(path)
    return path


def choose_files(page: Page, *paths: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a file…").first.click()
    chooser.value.set_files(list(paths))


def drop_files(page: Page, names_and_texts: dict[str, str]) -> None:
    page.evaluate(
        """files => {
            const data = new DataTransfer();
            for (const [name, text] of Object.entries(files))
                data.items.add(new File([text], name));
            const fire = kind => document.querySelector('main').dispatchEvent(
                new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
            fire('dragenter');
            window.dropIt = () => { fire('dragover'); fire('drop'); };
        }""",
        names_and_texts,
    )


def selection(page: Page) -> Locator:
    return page.get_by_role("region", name="Selection")


# Files that are dropped


def test_vectors_and_metadata_are_dropped_together(browser: Browser, tmp_path: Path) -> None:
    table = "\n".join("\t".join(f"{(i * k) % 7}.5" for k in range(1, 5)) for i in range(20))
    labels = "\n".join(f"word {i}" for i in range(20))
    with visiting(browser, tmp_path) as visit:
        page = visit.page
        page.goto(visit.url)
        expect(
            page.get_by_role("heading", name="No embeddings in this log directory yet")
        ).to_be_visible()
        drop_files(page, {"vectors.tsv": table, "metadata.tsv": labels})
        expect(page.get_by_text("Drop to open 2 files")).to_be_visible()
        expect(page.get_by_text("Kept on this machine")).to_be_visible()
        page.evaluate("window.dropIt()")
        visit.ready()
        expect(page.get_by_text("Drop to open")).to_have_count(0)
        expect(page.get_by_role("combobox", name="Run")).to_have_value("dropped/vectors")
        expect(page.get_by_text("20 points · 4 dimensions")).to_be_visible()
        page.evaluate("window.projector.select([3])")
        expect(selection(page).get_by_role("cell", name="word 3")).to_be_visible()
        assert visit.complaints == []


def test_an_empty_page_offers_the_demo(browser: Browser, tmp_path: Path) -> None:
    with visiting(browser, tmp_path) as visit:
        page = visit.page
        page.goto(visit.url)
        page.get_by_role("button", name="Open the demo").click()
        visit.ready()
        assert visit.stats()["pointsDrawn"] == 1797
        assert visit.state()["step"] == 2000
        assert visit.complaints == []


def test_a_drag_that_leaves_is_forgotten(visit: Visit) -> None:
    page = visit.open()
    drop_files(page, {"a.npy": "x"})
    expect(page.get_by_text("Drop to open the file")).to_be_visible()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(['x'], 'a.npy'));
            document.querySelector('main').dispatchEvent(
                new DragEvent('dragleave', {dataTransfer: data, bubbles: true}));
        }"""
    )
    expect(page.get_by_text("Drop to open")).to_have_count(0)


def test_a_file_that_can_not_be_read_says_why(browser: Browser, tmp_path: Path) -> None:
    bad = tmp_path / "outside" / "bad.npy"
    bad.parent.mkdir()
    bad.write_bytes(b"\x93NUMPYxxxx")
    other = bad.with_name("notes.bin")
    other.write_bytes(b"hello")
    (tmp_path / "log").mkdir()
    with visiting(browser, tmp_path / "log") as visit:
        page = visit.page
        page.goto(visit.url)
        choose_files(page, bad)
        refused = page.get_by_role("alert", name="Not opened: bad.npy")
        expect(refused).to_contain_text("damaged NumPy header")
        refused.get_by_role("button", name="Dismiss").click()
        expect(refused).to_have_count(0)
        choose_files(page, other)
        expect(page.get_by_role("alert", name="Not opened: notes.bin")).to_contain_text(
            "No embedding was found"
        )
        good = save_vectors(bad.with_name("good.npy"))
        choose_files(page, good)
        visit.ready()
        expect(page.get_by_role("combobox", name="Tensor")).to_have_value("good")
        assert visit.complaints == []


def test_a_large_file_is_shown_on_its_way_and_can_be_cancelled(
    browser: Browser, tmp_path: Path
) -> None:
    with visiting(browser, DEMO) as visit:
        page = visit.open()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 200_000},
        )
        choose_files(page, save_vectors(tmp_path / "large.npy", 100_000))
        way = page.get_by_role("region", name="Opening large.npy")
        expect(way.get_by_role("progressbar")).to_be_visible()
        expect(way).to_contain_text("of 2.4 MB")
        way.get_by_role("button", name="Cancel large.npy").click()
        expect(way).to_have_count(0)
        visit.settle()
        assert visit.state()["run"] != "dropped/large"


# Pictures and sounds


@pytest.fixture
def media_log(tmp_path: Path) -> Path:
    np.savetxt(tmp_path / "vectors.tsv", np.eye(6) + 0.1, delimiter="\t")
    rows = ["name\tpicture\tsound"]
    for i in range(6):
        rows.append(f"thing {i}\tmedia/{i}.png\tmedia/{i}.wav")
        (tmp_path / "media").mkdir(exist_ok=True)
        Image.new("RGB", (40, 30), (40 * i, 90, 200)).save(tmp_path / f"media/{i}.png")
        with wave.open(str(tmp_path / f"media/{i}.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(b"\0\0" * 800)
    (tmp_path / "media/4.png").unlink()
    (tmp_path / "metadata.tsv").write_text("\n".join(rows) + "\n")
    return tmp_path


def test_a_point_shows_its_picture_and_plays_its_sound(browser: Browser, media_log: Path) -> None:
    with visiting(browser, media_log) as visit:
        page = visit.open()
        page.evaluate("window.projector.select([2])")
        card = selection(page)
        picture = card.get_by_role("img", name="picture of thing 2")
        until(page, lambda: picture.evaluate("i => i.naturalWidth") == 40, "the picture")
        sound = card.locator("audio")
        until(page, lambda: bool(sound.evaluate("a => a.duration > 0.05")), "the sound")
        card.get_by_role("button", name="Enlarge picture of thing 2").click()
        large = page.get_by_role("dialog", name="picture of thing 2")
        expect(large.get_by_role("img")).to_be_visible()
        page.keyboard.press("Escape")
        expect(large).to_have_count(0)
        assert visit.complaints == [], "the content security policy lets both through"
        page.evaluate("window.projector.select([4])")
        expect(card.get_by_text("'media/4.png' does not exist")).to_be_visible()
        expect(card.get_by_role("img")).to_have_count(0)
        visit.forgive("/points/4/media/1")


# Scalars


def test_scalars_stand_below_the_plot_and_lead_to_steps(visit: Visit) -> None:
    page = visit.open(f"#run={RUN}")
    strip = page.get_by_role("region", name="Scalars")
    choice = strip.get_by_role("combobox", name="Scalar")
    expect(choice).to_have_value("loss/train")
    chart = strip.get_by_role("slider", name="Step", exact=True)
    box = still_box(chart)
    assert box["height"] <= 56
    # A quarter of the way is nearest to step 500.
    page.mouse.click(box["x"] + box["width"] * 0.26, box["y"] + 20)
    until(page, lambda: visit.state()["step"] == 500, "the step that was clicked")
    expect(chart).to_have_attribute("aria-valuenow", "5")
    chart.press("ArrowLeft")
    until(page, lambda: visit.state()["step"] == 200, "one step back")
    chart.press("End")
    until(page, lambda: visit.state()["step"] == 2000, "the last step")


def test_the_choice_of_scalar_and_its_fold_are_remembered(visit: Visit) -> None:
    page = visit.open(f"#run={RUN}")
    strip = page.get_by_role("region", name="Scalars")
    strip.get_by_role("combobox", name="Scalar").select_option("accuracy/test")
    page.reload()
    visit.ready()
    expect(strip.get_by_role("combobox", name="Scalar")).to_have_value("accuracy/test")
    strip.get_by_role("button", name="Hide scalars").click()
    expect(strip).to_have_count(0)
    page.reload()
    visit.ready()
    asked = len([url for url in visit.requests if url.endswith("/scalars")])
    page.get_by_role("button", name="Scalars").click()
    expect(strip.get_by_role("combobox", name="Scalar")).to_have_value("accuracy/test")
    assert len([url for url in visit.requests if url.endswith("/scalars")]) == asked + 1


def test_a_run_without_scalars_has_no_strip(browser: Browser, tmp_path: Path) -> None:
    for step in (1, 2):
        save_vectors(tmp_path / f"emb-step{step}.npy", seed=step)
    with visiting(browser, tmp_path) as visit:
        page = visit.open()
        expect(page.get_by_role("region", name="Scalars")).to_have_count(0)


# Questions to the original space


def answer(page: Page, question: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        """async question => {
            const log = await (await fetch('api/v1/log')).json();
            const now = window.projector.state();
            const entry = log.entries.find(
                e => e.run === now.run && e.name === now.tensor && e.step === now.step);
            const answer = await fetch(`api/v1/datasets/${entry.id}/nearest`, {
                method: 'POST', headers: {'Content-Type': 'application/json'},
                body: question});
            return await answer.json();
        }""",
        json.dumps(question),
    )
    return found


def test_an_expression_finds_what_is_nearest_to_it(visit: Visit) -> None:
    page = visit.open(f"#run={RUN}")
    found = answer(page, {"expression": "3 - 1 + 7", "column": 0, "k": 10, "metric": "cosine"})
    page.get_by_role("textbox", name="Search points").fill("= 3 - 1 + 7")
    terms = page.get_by_role("list", name="Terms").get_by_role("listitem")
    expect(terms).to_have_count(3)
    expect(terms.nth(1)).to_contain_text("− 1")
    expect(terms.nth(1)).to_contain_text("182 points")
    rows = page.get_by_role("listbox", name="Nearest to the expression").get_by_role("option")
    expect(rows.first).to_contain_text(f"{found['distances'][0]:.4f}")
    rows.first.click()
    until(page, lambda: visit.state()["selection"] == [found["indices"][0]], "the first row")
    page.get_by_role("button", name="Clear search").click()
    expect(page.get_by_role("list", name="Terms")).to_have_count(0)


def test_a_label_that_nobody_bears_is_said_in_the_servers_words(
    browser: Browser, tmp_path: Path
) -> None:
    np.savetxt(tmp_path / "vectors.tsv", np.eye(6) + 0.1, delimiter="\t")
    (tmp_path / "metadata.tsv").write_text("\n".join("abcdef") + "\n")
    with visiting(browser, tmp_path) as visit:
        page = visit.open()
        page.get_by_role("textbox", name="Search points").fill("=")
        expect(page.get_by_text("Labels with + and −")).to_be_visible()
        page.get_by_role("textbox", name="Search points").fill("= a - nobody")
        inspector = page.get_by_role("complementary", name="Inspector")
        expect(inspector.get_by_text("'nobody'")).to_be_visible()
        visit.forgive("/nearest")
        page.get_by_role("textbox", name="Search points").fill("= a - b")
        rows = page.get_by_role("listbox", name="Nearest to the expression").get_by_role("option")
        expect(rows).to_have_count(4)


def test_the_middle_of_a_selection_has_neighbors(visit: Visit) -> None:
    page = visit.open(f"#run={RUN}")
    points = [3, 17, 42]
    page.evaluate(f"window.projector.select({points})")
    found = answer(page, {"points": points, "k": 10, "metric": "cosine"})
    page.get_by_role("button", name="Nearest to the centroid of the selection").click()
    rows = page.get_by_role("listbox", name="Nearest to the centroid").get_by_role("option")
    expect(rows.first).to_contain_text(f"{found['distances'][0]:.4f}")
    asked = len(visit.requests)
    rows.first.click()
    until(page, lambda: visit.state()["selection"] == [found["indices"][0]], "the first row")
    page.get_by_role("button", name="Previous selection").click()
    expect(rows.first).to_contain_text(f"{found['distances'][0]:.4f}")
    again = [url for url in visit.requests[asked:] if url.endswith("/nearest")]
    assert again == [], "the answer is still there"


# A log that goes on being written


@pytest.fixture
def growing(tmp_path: Path) -> Path:
    """Return a real log with the first steps of a training."""
    run = tmp_path / "runs" / RUN
    run.mkdir(parents=True)
    for part in sorted((DEMO / RUN).iterdir()):
        if not part.is_dir():
            shutil.copy(part, run)
    for step in ("00000", "00020", "00050"):
        shutil.copytree(DEMO / RUN / step, run / step)
    return run


def write_step(run: Path, step: str) -> None:
    part = run.parent.parent / step
    shutil.copytree(DEMO / RUN / step, part)
    part.rename(run / step)


def look(visit: Visit) -> dict[str, Any]:
    state = visit.state()
    return {key: state[key] for key in ("step", "selection", "color", "view", "method")}


def test_a_new_step_appears_and_moves_nothing(browser: Browser, growing: Path) -> None:
    with visiting(browser, growing.parent) as visit:
        page = visit.open()
        page.evaluate("window.projector.select([5, 9])")
        page.get_by_role("application", name="Point cloud").hover()
        page.mouse.wheel(0, -200)
        visit.settle()
        before = look(visit)
        assert before["step"] == 50
        write_step(growing, "00100")
        chip = page.get_by_role("button", name="New step 100")
        expect(chip).to_be_visible()
        assert look(visit) == before
        expect(page.get_by_role("slider", name="Step", exact=True)).to_have_attribute(
            "aria-valuemax", "3"
        )
        chip.click()
        until(page, lambda: visit.state()["step"] == 100, "the new step")
        expect(chip).to_have_count(0)
        assert look(visit) == {**before, "step": 100}
        page.get_by_role("button", name="Follow the newest step").click()
        write_step(growing, "00200")
        until(page, lambda: visit.state()["step"] == 200, "to be taken along")
        page.reload()
        visit.ready()
        expect(page.get_by_role("button", name="Follow the newest step")).to_have_attribute(
            "aria-pressed", "true"
        )
        assert visit.complaints == []


def test_a_rewritten_file_is_shown_as_it_is_now(browser: Browser, tmp_path: Path) -> None:
    path = save_vectors(tmp_path / "emb.npy", seed=1)
    with visiting(browser, tmp_path) as visit:
        page = visit.open()
        page.evaluate("window.projector.select([5])")
        visit.settle()
        before = look(visit)
        at = page.evaluate("window.projector.screenPosition(7)")
        save_vectors(path, seed=2)
        until(page, lambda: page.evaluate("window.projector.screenPosition(7)") != at, "points")
        assert look(visit) == before
        distances = selection(page).get_by_role("listbox", name="Neighbors").get_by_role("option")
        now = page.evaluate(
            """async () => {
                const log = await (await fetch('api/v1/log')).json();
                const url = `api/v1/datasets/${log.entries[0].id}/points/5/neighbors?k=10`;
                return (await (await fetch(url)).json()).distances[0];
            }"""
        )
        expect(distances.first).to_contain_text(f"{now:.4f}")
        visit.settle()
        save_vectors(path, n_points=25, seed=3)
        expect(page.get_by_text("25 points")).to_be_visible()
        # The number is known a moment before the points are there.
        until(page, lambda: visit.state()["selection"] == [], "that rows of others name nothing")
        assert visit.complaints == []


def test_what_is_deleted_stays_on_the_screen(browser: Browser, growing: Path) -> None:
    with visiting(browser, growing.parent) as visit:
        page = visit.open()
        visit.settle()
        at = page.evaluate("window.projector.screenPosition(7)")
        shutil.rmtree(growing / "00050")
        gone = page.get_by_text("The last projection is still shown")
        expect(gone).to_be_visible()
        assert page.evaluate("window.projector.screenPosition(7)") == at
        assert visit.stats()["pointsDrawn"] == 1797
        page.get_by_role("button", name="Go to the nearest step").click()
        until(page, lambda: visit.state()["step"] == 20, "the step before")
        visit.settle()
        expect(gone).to_have_count(0)
        shutil.rmtree(growing)
        expect(gone).to_be_visible()
        assert visit.stats()["pointsDrawn"] == 1797
        assert visit.complaints == []


# Axes and what is done before


def test_axes_are_made_of_selections(visit: Visit) -> None:
    page = visit.open(f"#run={RUN}")
    page.get_by_role("tab", name="Axes", exact=True).click()
    page.evaluate("window.projector.select([0, 10, 20, 30, 36, 48, 49, 55, 72, 78])")
    page.get_by_role("button", name="X from: use the selection").click()
    expect(page.get_by_role("button", name="X from: 10 points")).to_be_visible()
    page.get_by_role("textbox", name="X to").fill("1, 11")
    page.get_by_role("textbox", name="Y to").fill("2-4")
    page.get_by_role("textbox", name="Y from").fill("1, x")
    expect(page.get_by_text('"x" is not a point').first).to_be_visible()
    page.get_by_role("textbox", name="Y from").fill("1")
    page.get_by_role("button", name="Run Axes").click()
    until(page, lambda: visit.state()["method"] == "axes", "the picture")
    assert visit.state()["params"]["x_from"] == "0, 10, 20, 30, 36, 48, 49, 55, 72, 78"
    plot = page.get_by_role("main", name="Plot")
    expect(plot.get_by_text("10 points")).to_be_visible()
    expect(plot.get_by_text("3 points")).to_be_visible()
    expect(page.get_by_role("table", name="Ends of the axes")).to_contain_text(
        "10 points → 2 points"
    )
    expect(page.get_by_role("textbox", name="Z from")).to_have_count(0)


def test_what_is_done_before_the_projection_is_named(visit: Visit) -> None:
    page = visit.open(f"#run={RUN}")
    page.get_by_text("Preprocessing").click()
    page.get_by_role("checkbox", name="unit_norm").check()
    page.get_by_role("textbox", name="pca_dims").fill("8")
    page.get_by_role("button", name="Run PCA").click()
    status = page.get_by_role("contentinfo")
    expect(status).to_contain_text("unit length · 8 PCA dimensions first")
