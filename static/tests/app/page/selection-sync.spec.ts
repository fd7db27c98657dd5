import { describe, expect, it } from "vitest";
import { readSelection, writeSelection } from "../../../src/api/selection";
import { selectionOf } from "../../../src/model/view/selection";
import type { SelectionAuthor } from "../../../src/model/view/shared-selection";
import { goToStep } from "../../../src/store/actions/place";
import { select } from "../../../src/store/actions/selection";
import { activateView, addView } from "../../../src/store/actions/views";
import { selection } from "../../../src/store/selectors/shown";
import { type Store, scope } from "../../../src/store/store";
import { bytes, json, unreachable } from "../../fakes/fake-transport";
import { entry } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

// The protocol has ids of sixteen hexadecimal digits.
const A10 = "00000000000000a1";
const A20 = "00000000000000a2";
const B10 = "00000000000000b1";

function withIds(): FakeServer {
  return new FakeServer([
    { ...entry("a", 10), id: A10 },
    { ...entry("a", 20), id: A20 },
    { ...entry("b", 10), id: B10 },
  ]);
}

const news = (author: SelectionAuthor, number: number, dataset = A10) => ({
  author,
  number,
  dataset,
  n_selected: 1,
});

/** The server has a selection of Python. */
function selectInPython(
  server: FakeServer,
  dataset: string,
  rows: readonly number[],
  number: number,
) {
  const body = writeSelection({ dataset, nPoints: 3, rows: selectionOf(rows) });
  new DataView(body).setUint32(0, number, true);
  new DataView(body).setUint8(13, 2);
  server.on("GET", "selection", bytes(body));
  server.emit("selection", news("python", number, dataset));
}

async function listening(hash = "#run=a&step=10"): Promise<OpenPage> {
  const server = withIds();
  server.on("PUT", "selection", json({ ...news("page", 7), refused: null }));
  const page = await openPage(hash, server);
  server.emit("selection", news("none", 0));
  await pass(1000);
  return page;
}

const rows = (store: Store) => [...selection(store.state.peek())];
const sent = ({ server }: OpenPage) =>
  server.sent
    .filter(({ method, text }) => method === "PUT" && text === "selection")
    .map(({ body }) => readSelection(body as ArrayBuffer))
    .map((each) => [each.dataset, ...each.rows]);

describe("what is selected on the page", () => {
  it("is sent to the server once it rests", async () => {
    const page = await listening();
    page.one.dispatch(select(selectionOf([0])));
    await pass(100);
    page.one.dispatch(select(selectionOf([0, 2])));
    await pass(149);
    expect(sent(page)).toEqual([]);
    await pass(1);
    expect(sent(page)).toEqual([[A10, 0, 2]]);
  });

  it("is sent with the step at which it is seen, and not twice", async () => {
    const page = await listening();
    page.one.dispatch(select(selectionOf([1])));
    await pass(1000);
    page.one.dispatch(goToStep(20));
    await pass(1000);
    page.one.dispatch(select(selectionOf([1])));
    await pass(1000);
    expect(sent(page)).toEqual([
      [A10, 1],
      [A20, 1],
    ]);
  });

  it("is not sent before the server has said what it has", async () => {
    const server = withIds();
    const page = await openPage("#run=a&step=10&selected=2", server);
    await pass(1000);
    expect(sent(page)).toEqual([]);
    server.on("PUT", "selection", json({ ...news("page", 7), refused: null }));
    server.emit("selection", news("python", 3));
    await pass(1000);
    // A link that selects is newer than what was selected before it was opened.
    expect(sent(page)).toEqual([[A10, 2]]);
    expect(rows(page.one)).toEqual([2]);
  });

  it("is no error where the server is gone", async () => {
    const page = await listening();
    page.server.on("PUT", "selection", unreachable());
    page.one.dispatch(select(selectionOf([1])));
    await pass(1000);
    expect(page.one.state.value.page.notices).toEqual([]);
  });

  it("is that of the active view", async () => {
    const page = await listening();
    page.root.dispatch(addView({ place: { run: "b", name: "hidden", step: 10 } }));
    await pass(1000);
    const two = scope(page.root, "2");
    two.dispatch(select(selectionOf([2])));
    await pass(1000);
    // Its rows are those of the other run, too: the active view has them selected as well.
    expect(sent(page)).toEqual([[A10, 2]]);
    page.root.dispatch(activateView("2"));
    await pass(1000);
    expect(sent(page)).toEqual([
      [A10, 2],
      [B10, 2],
    ]);
  });
});

describe("what Python selects", () => {
  it("is selected where it is seen", async () => {
    const page = await listening();
    selectInPython(page.server, A10, [0, 1], 9);
    await pass(100);
    expect(rows(page.one)).toEqual([0, 1]);
    await pass(1000);
    // The server knows it already.
    expect(sent(page)).toEqual([]);
  });

  it("is gone to where it is of another step", async () => {
    const page = await listening();
    selectInPython(page.server, A20, [2], 9);
    await pass(1000);
    expect(page.one.state.value.work.shown?.dataset).toBe(A20);
    expect(rows(page.one)).toEqual([2]);
  });

  it("is let go where a person goes elsewhere meanwhile", async () => {
    const page = await listening();
    page.server.instant = new Set();
    selectInPython(page.server, A20, [2], 9);
    await pass(500);
    page.one.dispatch(goToStep(10));
    await pass(1000);
    expect(page.one.state.value.work.shown?.dataset).toBe(A10);
    // Nor is it selected when they come there by themselves.
    page.server.instant = new Set(["pca"]);
    page.server.end(page.server.last(A20, "pca").id, "done");
    page.one.dispatch(goToStep(20));
    await pass(1000);
    expect(page.one.state.value.work.shown?.dataset).toBe(A20);
    expect(rows(page.one)).toEqual([]);
  });

  it("is left alone where it is of a dataset that is gone, or of another page", async () => {
    const page = await listening();
    selectInPython(page.server, "00000000000000ff", [2], 9);
    await pass(100);
    page.server.emit("selection", news("page", 12));
    await pass(1000);
    expect(rows(page.one)).toEqual([]);
    expect(page.one.state.value.view.place?.step).toBe(10);
  });

  it("is no more where another page was faster", async () => {
    const page = await listening();
    const body = writeSelection({ dataset: A10, nPoints: 3, rows: selectionOf([2]) });
    page.server.on("GET", "selection", bytes(body));
    page.server.emit("selection", news("python", 9));
    await pass(1000);
    expect(rows(page.one)).toEqual([]);
  });

  it("is followed once", async () => {
    const page = await listening();
    selectInPython(page.server, A10, [1], 9);
    await pass(100);
    page.one.dispatch(select(selectionOf([0])));
    page.server.emit("selection", news("python", 9));
    await pass(1000);
    expect(rows(page.one)).toEqual([0]);
  });
});
