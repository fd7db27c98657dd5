/** Measures how far the picture can be trusted: when it is asked for, or once nothing else is. */
import { effect, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { N_COMPONENTS } from "../../model/projection/method";
import { isWorking, type Projection } from "../../model/projection/projection";
import { FIGURES, type Figure, isMeasuring } from "../../model/projection/quality";
import { projectionHeard } from "../../store/actions/projection";
import {
  figureLoaded,
  measuringAsked,
  measuringFailed,
  twinFound,
} from "../../store/actions/quality";
import {
  coloredFigure,
  finishedProjection,
  needsTwin,
  projectionKey,
  qualityProjectionId,
  shownQuality,
  unaskedKey,
} from "../../store/selectors/quality";
import { selectedPoint } from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";
import { latest, pause, until } from "../browser/latest";

/** A picture that stays so long is looked at; the page has long been idle by then. */
const REST_MILLISECONDS = 900;
/** News of the work may be lost on its way. */
const PATIENCE_MILLISECONDS = 5000;
/** Above this all four figures of every point are too much to be fetched for a look at one. */
const MAX_POINT_FIGURES = 200_000;

export function startQuality(store: Store, api: Api): () => void {
  const open = new Map<string, Promise<void>>();
  const tried = new Set<string>();
  const measure = () =>
    once(open, projectionKey(store.state.peek()), () => measureShown(store, api));

  const stops = [
    // The empty task ends the one before it: what was about to be measured is no longer seen.
    latest(
      store.select(unaskedKey),
      async (key, signal) => {
        if (key === "" || tried.has(key)) return;
        await pause(REST_MILLISECONDS, signal);
        await idle(signal);
        tried.add(key);
        await measure();
      },
      () => undefined,
    ),
    latest(
      // To color by a figure is to ask for it.
      store.select((state) =>
        coloredFigure(state) && !shownQuality(state) ? projectionKey(state) : "",
      ),
      async (key) => {
        if (key === "" || tried.has(`colored ${key}`)) return;
        tried.add(`colored ${key}`);
        await measure();
      },
      () => undefined,
    ),
    startFigures(store, api),
    store.onRequest((intent) => {
      if (intent.kind === "measure-trust") void measure();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

async function measureShown(store: Store, api: Api): Promise<void> {
  const projection = finishedProjection(store.state.peek());
  if (!projection) return;
  store.dispatch(measuringAsked(projection.id));
  try {
    const id = await qualityProjection(store, api, projection);
    store.dispatch(projectionHeard(await api.quality.measure(id)));
    await settled(store, api, id, (each) => !isMeasuring(each?.quality ?? null));
  } catch (error) {
    store.dispatch(measuringFailed(projection.id, messageOf(error)));
  }
}

/** The projection with as many dimensions as are seen; it is made where it is another one. */
async function qualityProjection(store: Store, api: Api, projection: Projection): Promise<string> {
  const state = store.state.peek();
  if (!needsTwin(state, projection)) return projection.id;
  const dims = state.work.shown?.positions.dims ?? projection.n_components;
  const { dataset, method, params } = projection;
  const twin = await api.projections.start(dataset, method, { ...params, [N_COMPONENTS]: dims });
  // Named as a twin before it is known, so that no list shows it for a moment.
  store.dispatch(twinFound(projection.id, twin.id));
  store.dispatch(projectionHeard(twin));
  await settled(store, api, twin.id, (each) => !isWorking(each));
  return twin.id;
}

/** Wait for the events to tell; ask where they are silent. */
async function settled(
  store: Store,
  api: Api,
  id: string,
  isSettled: (projection: Projection | null) => boolean,
): Promise<void> {
  const known = store.select((state) => state.work.projections[id] ?? null);
  while (!isSettled(known.peek())) {
    const wait = new AbortController();
    const timer = setTimeout(() => wait.abort(), PATIENCE_MILLISECONDS);
    const isTold = await until(known, isSettled, wait.signal).then(
      () => true,
      () => false,
    );
    clearTimeout(timer);
    if (!isTold) store.dispatch(projectionHeard(await api.projections.get(id)));
  }
}

/** Fetches each figure's values when something shows them. */
function startFigures(store: Store, api: Api): () => void {
  const open = new Map<string, Promise<void>>();
  const failed = new Set<string>();
  return effect(() => {
    const state = store.state.value;
    const id = qualityProjectionId(state);
    const projection = id === null ? undefined : state.work.projections[id];
    if (projection?.quality?.state !== "done") return;
    for (const figure of shownFigures(state, projection)) {
      const key = `${projection.id} ${figure}`;
      if (state.quality.figures[projection.id]?.[figure] || failed.has(key)) continue;
      untracked(() =>
        once(open, key, async () => {
          try {
            const values = await api.quality.scores(projection, figure);
            store.dispatch(figureLoaded(projection.id, figure, values));
          } catch (error) {
            failed.add(key);
            const { id: seen } = finishedProjection(store.state.peek()) ?? projection;
            store.dispatch(measuringFailed(seen, messageOf(error)));
          }
        }),
      );
    }
  });
}

function shownFigures(state: State, { n_points }: Projection): readonly Figure[] {
  const isPointSeen = state.attention.hover !== null || selectedPoint(state) !== null;
  if (isPointSeen && n_points <= MAX_POINT_FIGURES) return FIGURES;
  const colored = coloredFigure(state);
  return colored ? [colored] : [];
}

function once(open: Map<string, Promise<void>>, key: string, task: () => Promise<void>) {
  const running = open.get(key) ?? task().finally(() => open.delete(key));
  open.set(key, running);
  return running;
}

/** Until the browser has nothing to do; not every browser tells. */
function idle(signal: AbortSignal): Promise<void> {
  if (typeof window.requestIdleCallback !== "function") return pause(100, signal);
  return new Promise((resolve, reject) => {
    window.requestIdleCallback(() => (signal.aborted ? reject(signal.reason) : resolve()), {
      timeout: 3000,
    });
  });
}
