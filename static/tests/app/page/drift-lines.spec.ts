import { describe, expect, it, vi } from "vitest";
import { startDriftLines } from "../../../src/app/page/drift-lines";
import type { Column } from "../../../src/model/data/dataset";
import type { DriftAnswer } from "../../../src/model/data/drift";
import { selectionOf } from "../../../src/model/view/selection";
import { driftDetails } from "../../../src/store/actions/drift";
import { hover, select } from "../../../src/store/actions/selection";
import { addView } from "../../../src/store/actions/views";
import { type Store, scope } from "../../../src/store/store";
import { json } from "../../fakes/fake-transport";
import { dataset } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const PAIR = ["a-10", "a-20"] as const;

function figure(name: string, index: number): Column {
  const text = dataset.columns[0] as Column;
  const numbers = { number_bytes: 4, is_integer: false, minimum: 0, maximum: 3 } as const;
  const made = { made_by: "d1", compares: PAIR, span: [0, 1] } as const;
  return { ...text, ...numbers, ...made, kind: "numeric", name, index };
}

const ANSWER: DriftAnswer = {
  id: "d1",
  state: "done",
  phase: "",
  done: 0,
  total: 0,
  error: null,
  datasets: PAIR,
  result: {
    by_row: true,
    n_shared: 3,
    n_groups: 0,
    summary: {
      k: 1,
      metric: "cosine",
      n_compared: 3,
      kept: 1,
      kept_error: 0,
      chance: 0,
      moved: 0,
      warnings: [],
    },
  },
};

function place(view: Store, values: readonly number[], dims: 2 | 3 = 2): void {
  view.dispatch((state) => {
    const { shown } = state.work;
    const positions = { values: Float32Array.from(values), dims };
    return shown ? { ...state, work: { ...state.work, shown: { ...shown, positions } } } : state;
  });
}

/** Two steps side by side that were compared; lines are drawn where they are wanted. */
async function compared() {
  const server = new FakeServer().on("POST", "comparisons", json(ANSWER));
  const n = dataset.columns.length;
  const columns = [...dataset.columns, figure("kept neighbors", n), figure("shift", n + 1)];
  for (const id of PAIR) server.datasets.set(id, { columns });
  const page = await openPage("#run=a&step=10", server);
  page.root.dispatch(addView({ place: { run: "a", name: "hidden", step: 20 } }));
  await pass(500);
  page.one.request({ kind: "show-drift", from: PAIR[0], to: PAIR[1] });
  await vi.dynamicImportSettled();
  await pass(500);
  // Those of the fake server all lie in one place, and no picture can be laid on that.
  place(page.one, [0, 0, 1, 0, 0, 1]);
  place(scope(page.root, "2"), [5, 5, 5, 7, 3, 5]);
  const setPainter = () => page.cloud.calls.filter((name) => name === "setPainter").length;
  const stop = startDriftLines(page.root, page.page.views);
  return { ...page, setPainter, stop, lines: () => page.one.state.peek().drift?.lines ?? null };
}

describe("lines between two views", () => {
  it("are drawn where they are wanted, for what is selected, hovered, or shifted most", async () => {
    const { one, setPainter, stop, lines } = await compared();
    expect(setPainter()).toBe(0);
    one.dispatch(driftDetails("d1", { hasLines: true }));
    expect(setPainter()).toBe(2);
    one.request({ kind: "load-column", column: dataset.columns.length + 1, what: "numbers" });
    await pass(100);
    expect(lines()).toMatchObject({ n: 3, of: 3, areSelected: false });
    one.dispatch(select(selectionOf([1])));
    expect(lines()).toMatchObject({ n: 1, of: 1, areSelected: true });
    const before = setPainter();
    one.dispatch(hover(2));
    expect(setPainter()).toBe(before + 2);
    one.dispatch(hover(2));
    expect(setPainter()).toBe(before + 2);
    one.dispatch(driftDetails("d1", { hasLines: false }));
    expect(setPainter()).toBe(before + 4);
    expect(lines()).toBeNull();
    stop();
  });

  it("are none between a flat picture and one in 3D", async () => {
    const { root, one, setPainter, stop, lines } = await compared();
    place(one, [0, 0, 1, 1, 0, 2, 0, 1, 3], 3);
    one.dispatch(driftDetails("d1", { hasLines: true }));
    expect(root.state.peek().data.drift?.hasLines).toBe(true);
    expect(setPainter()).toBe(0);
    expect(lines()).toBeNull();
    stop();
  });
});
