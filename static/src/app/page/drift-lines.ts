/** Draws lines in each of two compared views to where its points are in the other one. */
import { effect, untracked } from "@preact/signals";
import { byPair } from "../../model/data/by-pair";
import { driftColumns } from "../../model/data/drift";
import { isEqual } from "../../model/data/equality";
import { largestRows } from "../../model/data/largest-rows";
import { type LaidOn, laidOn } from "../../model/projection/laid-on";
import type { Positions } from "../../model/projection/projection";
import { inverseOf, NO_ROW, type RowMap } from "../../model/view/matching";
import { hairlinePainter } from "../../render/overlay/hairlines";
import type { Painter } from "../../render/scene/types";
import { driftDetails } from "../../store/actions/drift";
import { selection, shownDataset } from "../../store/selectors/shown";
import type { Drift, DriftLines } from "../../store/state/drift";
import type { State } from "../../store/state/state";
import type { ViewId } from "../../store/state/view-id";
import { activeScope, type RootStore, viewStates } from "../../store/store";
import { ViewPainter } from "./view-painter";
import type { RunningViews } from "./view-runner";

/** More lines hide the points that they are about. */
const MOST_LINES = 200;

/** What is drawn in one view; the same objects are the same lines. */
interface Input {
  readonly own: Positions;
  readonly other: Positions;
  readonly rows: ArrayLike<number>;
  readonly hover: number | null;
}

interface Lines extends Input {
  readonly laid: LaidOn;
}

export function startDriftLines(root: RootStore, views: RunningViews): () => void {
  const states = viewStates(root);
  const store = activeScope(root);
  const painter = new ViewPainter<Lines>(views, { name: "drift", isSame, painterOf });
  return effect(() => {
    const all = states.value;
    untracked(() => {
      let said: DriftLines | null = null;
      for (const [id, state] of all) {
        const input = inputOf(id, state, all);
        const laid = input && laidOnce(input.other, input.own);
        const lines = input && laid && { ...input, laid };
        painter.paint(id, lines);
        if (lines && state.views.active === id) said = saidOf(state, lines);
      }
      painter.forget(all);
      const { drift } = store.state.peek();
      if (drift && !isEqual(drift.lines, said)) {
        store.dispatch(driftDetails(drift.id, { lines: said }));
      }
    });
  });
}

function painterOf({ own, rows, hover, laid }: Lines): Painter {
  const all = hover === null ? Array.from(rows) : [...Array.from(rows), hover];
  return hairlinePainter({ rows: all, ends: laid.ends(all), dims: own.dims });
}

function inputOf(id: ViewId, state: State, all: ReadonlyMap<ViewId, State>): Input | null {
  const { drift } = state;
  const { shown } = state.work;
  const data = shownDataset(state);
  const [kept] = data ? driftColumns(data.info.columns) : [];
  if (!drift?.hasLines || !shown || shown.isLive || kept?.made_by !== drift.id) return null;
  const there = shown.dataset === drift.from ? drift.to : drift.from;
  const others = [...all].filter(([other]) => other !== id).map(([, each]) => each.work.shown);
  const other = others.find(
    (each) => each?.dataset === there && each.positions.dims === shown.positions.dims,
  );
  if (!other || other.isLive) return null;
  const selected = selection(state);
  const shifts = shiftsOf(state, drift, shown.dataset);
  const { hover } = state.attention;
  const rows = selected.length > 0 ? firstOf(selected) : shifts ? topOf(shifts) : NO_ROWS;
  const isFrom = shown.dataset === drift.from;
  const nOwn = shown.positions.values.length / shown.positions.dims;
  const map = isFrom ? drift.rows : inverseOf(drift.rows, nOwn);
  return { own: shown.positions, other: inRowsOf(map, other.positions), rows, hover };
}

const reordered = byPair((map: Uint32Array, { values, dims }: Positions): Positions => {
  const moved = new Float32Array(map.length * dims).fill(Number.NaN);
  map.forEach((there, row) => {
    if (there !== NO_ROW) moved.set(values.subarray(there * dims, (there + 1) * dims), row * dims);
  });
  return { values: moved, dims };
});

/** Places of the same points as rows of the other picture; NaN for those that it does not have. */
function inRowsOf(map: RowMap, positions: Positions): Positions {
  return map === "same" ? positions : reordered(map, positions);
}

const NO_ROWS = new Uint32Array(0);

/** Row by row a point has the same shift in both datasets: those of either will do. */
function shiftsOf(
  { datasets }: State,
  { id, from, to, rows }: Drift,
  own: string,
): Float32Array | Float64Array | null {
  const other = own === from ? to : from;
  for (const data of [datasets[own], rows === "same" ? datasets[other] : undefined]) {
    const [, shift] = data ? driftColumns(data.info.columns) : [];
    const found = shift?.made_by === id ? data?.columns[shift.index]?.numbers : undefined;
    if (found) return found.values;
  }
  return null;
}

function isSame(a: Input, b: Input): boolean {
  return a.own === b.own && a.other === b.other && a.rows === b.rows && a.hover === b.hover;
}

function saidOf(state: State, { rows, laid: { residual } }: Lines): DriftLines {
  const nSelected = selection(state).length;
  const of = nSelected > 0 ? nSelected : (shownDataset(state)?.info.n_points ?? 0);
  return { n: rows.length, of, areSelected: nSelected > 0, residual };
}

const firsts = new WeakMap<Uint32Array, Uint32Array>();

function firstOf(selected: Uint32Array): Uint32Array {
  if (selected.length <= MOST_LINES) return selected;
  const known = firsts.get(selected) ?? selected.slice(0, MOST_LINES);
  firsts.set(selected, known);
  return known;
}

const tops = new WeakMap<object, Uint32Array>();

function topOf(shifts: Float32Array | Float64Array): Uint32Array {
  const known = tops.get(shifts) ?? largestRows(shifts, MOST_LINES);
  tops.set(shifts, known);
  return known;
}

/** A pointer that moves changes nothing of it. */
const laidOnce = byPair(laidOn);
