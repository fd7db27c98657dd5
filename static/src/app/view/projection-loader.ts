/**
 * Gets the picture that is wanted onto the screen: asks for the projection, follows its frames,
 * shows its positions. Whatever is wanted next makes an end of the pursuit of what was wanted
 * before, so an answer that comes late is never shown.
 */
import type { Api } from "../../api/api";
import { ApiError, isAbort, messageOf } from "../../api/errors";
import { FIRST_METHOD, type Params } from "../../model/projection/method";
import {
  fitComponents,
  flattened,
  isWorking,
  type Projection,
} from "../../model/projection/projection";
import type { Request } from "../../model/view/view";
import {
  projectionForgotten,
  projectionHeard,
  requestAnswered,
  requestFailed,
  requestStarted,
  showPositions,
} from "../../store/actions/projection";
import { referenceNoted } from "../../store/actions/quality";
import { type Reference, referenceFor } from "../../store/selectors/alignment";
import {
  isInstant,
  keepsComponents,
  paramsToSend,
  requestKey,
  wantedDatasetId,
  wantedProjection,
} from "../../store/selectors/request";
import type { Store } from "../../store/store";
import { latest, pause, until } from "../browser/latest";
import type { Datasets } from "../data/dataset-loader";
import { createPositionCache } from "../data/position-cache";

/** A step slider that is being dragged passes many steps; only where it rests is computed. */
const REST_MILLISECONDS = 120;

export interface ProjectionLoader {
  /** Ask again for what is wanted, though it was asked for before: after a failure or a stop. */
  retry(): void;
  readonly streamedFrames: () => number;
  stop(): void;
}

interface Pursuit {
  readonly dataset: string;
  readonly request: Request;
  readonly key: string;
}

export function createProjectionLoader(
  store: Store,
  api: Api,
  datasets: Datasets,
): ProjectionLoader {
  const cache = createPositionCache();
  let streamedFrames = 0;
  let previous: Pursuit | null = null;
  let stopPursuit: () => void = () => undefined;

  /** What the pursuit depends on, as one text; components matter only once they are kept. */
  const wanted = store.select((state) => {
    const key = requestKey(state, state.view.request);
    const { request, components } = state.view;
    return key === null ? null : `${key} ${request.dims} ${components.join()}`;
  });

  async function pursue(signal: AbortSignal): Promise<void> {
    const state = store.state.peek();
    const dataset = wantedDatasetId(state);
    const key = requestKey(state, state.view.request);
    if (dataset === null || key === null) return;
    const pursuit: Pursuit = { dataset, request: state.view.request, key };
    abandon(previous, pursuit);
    const isFirst = previous === null;
    previous = pursuit;
    let projection = wantedProjection(state);
    if (!projection) {
      if (!isFirst) await pause(REST_MILLISECONDS, signal);
      projection = await ask(pursuit).catch((error: unknown) => {
        // A link whose parameters are refused still opens: with what costs nothing.
        if (!store.state.peek().work.shown) void showFirst(dataset, signal).catch(() => undefined);
        throw error;
      });
      signal.throwIfAborted();
    }
    if (projection.state === "done") return show(projection, pursuit, signal);
    if (!state.work.shown && !isInstant(state, pursuit.request.method)) {
      void showFirst(dataset, signal).catch(() => undefined);
    }
    await follow(projection, pursuit, signal);
  }

  /** Not abortable: the server has it anyway, and the answer says what there is to stop. */
  async function ask(pursuit: Pursuit): Promise<Projection> {
    const { dataset, request, key } = pursuit;
    store.dispatch(requestStarted(key));
    try {
      const params = paramsToSend(store.state.peek(), request);
      const reference = referenceFor(store.state.peek(), dataset, request);
      const projection = await startFrom(reference, dataset, request.method, params);
      store.dispatch(requestAnswered(key, projection));
      if (previous !== pursuit && previous) abandon(pursuit, previous);
      return projection;
    } catch (error) {
      store.dispatch(requestFailed(key, messageOf(error)));
      throw error;
    }
  }

  /** What the server has forgotten meanwhile is no reason to show nothing. */
  async function startFrom(
    reference: Reference | null,
    dataset: string,
    method: string,
    params: Params,
  ): Promise<Projection> {
    if (!reference) return api.projections.start(dataset, method, params);
    try {
      const found = await api.projections.start(dataset, method, params, reference.references);
      store.dispatch(referenceNoted(found.id, reference.name));
      return found;
    } catch (error) {
      const isForgotten = error instanceof ApiError && [404, 409].includes(error.status);
      if (!isForgotten) throw error;
      return api.projections.start(dataset, method, params);
    }
  }

  /**
   * Work that nobody will look at is stopped: that of another step, or of other parameters. A
   * person who only looks at another method meanwhile wants to find it done when coming back.
   */
  function abandon(old: Pursuit | null, next: Pursuit): void {
    if (!old || old.key === next.key) return;
    if (old.dataset === next.dataset && old.request.method !== next.request.method) return;
    const { answers, projections } = store.state.peek().work;
    const projection = projections[answers[old.key] ?? ""];
    if (!projection || !isWorking(projection)) return;
    api.projections.stop(projection.id).catch(() => undefined);
  }

  async function show(
    projection: Projection,
    { dataset, request }: Pursuit,
    signal: AbortSignal,
  ): Promise<void> {
    const chosen = store.state.peek().view.components;
    const fitting = fitComponents(chosen, request.dims, projection.n_kept);
    // Fewer components than axes: the server's own positions have zeros in the rest.
    const components = fitting.length === request.dims ? fitting : null;
    const cacheKey = `${projection.id} ${request.dims} ${components?.join() ?? ""}`;
    let positions = cache.get(cacheKey);
    if (!positions) {
      const fetched = await api.projections.positions(projection, components, signal);
      positions = request.dims === 2 ? flattened(fetched) : fetched;
      cache.set(cacheKey, positions);
    }
    // The very first picture needs no more than its positions; a later one needs its colors.
    if (store.state.peek().work.shown) await datasets.load(dataset);
    signal.throwIfAborted();
    store.dispatch(
      showPositions({
        dataset,
        projection: projection.id,
        method: projection.method,
        params: projection.params,
        components,
        positions,
        isLive: false,
      }),
    );
  }

  async function follow(
    projection: Projection,
    pursuit: Pursuit,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await stream(projection, pursuit, signal);
    } catch (error) {
      // Every stream is taken: the events still say when it is done.
      if (!(error instanceof ApiError && error.status === 503)) throw error;
      const known = store.select((state) => state.work.projections[projection.id] ?? null);
      await until(known, (each) => !isWorking(each), signal);
    }
    const ended = await api.projections.get(projection.id, signal);
    store.dispatch(projectionHeard(ended));
    const { shown } = store.state.peek().work;
    if (ended.state === "done") await show(ended, pursuit, signal);
    else if (shown?.isLive) store.dispatch(showPositions({ ...shown, isLive: false }));
  }

  async function stream(
    projection: Projection,
    { dataset, request }: Pursuit,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const frame of api.projections.frames(projection.id, signal)) {
      signal.throwIfAborted();
      if (!frame.positions) continue;
      streamedFrames += 1;
      // The frames have the first components; others come with the result, a moment later.
      if (!areLeading(store.state.peek().view.components, request, projection)) continue;
      const positions = request.dims === 2 ? flattened(frame.positions) : frame.positions;
      if (positions.dims !== request.dims) continue;
      if (store.state.peek().work.shown) await datasets.load(dataset);
      signal.throwIfAborted();
      store.dispatch(
        showPositions({
          dataset,
          projection: projection.id,
          method: projection.method,
          params: projection.params,
          components: null,
          positions,
          isLive: !frame.isLast,
        }),
      );
    }
  }

  /** Whether a frame's axes are those that are wanted. */
  function areLeading(chosen: readonly number[], { dims }: Request, { method }: Projection) {
    if (!keepsComponents(store.state.peek(), method)) return true;
    return chosen.slice(0, dims).every((component, axis) => component === axis);
  }

  /** A link to something that takes long: show what costs nothing until its first frame comes. */
  async function showFirst(dataset: string, signal: AbortSignal): Promise<void> {
    const request = { method: FIRST_METHOD, params: {}, dims: store.state.peek().view.dims };
    const pursuit = { dataset, request, key: "" };
    let projection = await api.projections.start(dataset, FIRST_METHOD, {});
    if (projection.state !== "done") {
      for await (const frame of api.projections.frames(projection.id, signal))
        if (frame.isLast) break;
      projection = await api.projections.get(projection.id, signal);
    }
    store.dispatch(projectionHeard(projection));
    if (projection.state === "done" && !store.state.peek().work.shown) {
      await show(projection, pursuit, signal);
    }
  }

  function fail(error: unknown): void {
    if (isAbort(error) || !previous) return;
    const projection = wantedProjection(store.state.peek());
    if (projection && error instanceof ApiError && error.status === 404) {
      store.dispatch(projectionForgotten(projection.id));
    }
    store.dispatch(requestFailed(previous.key, messageOf(error)));
  }

  function restart(): void {
    stopPursuit();
    stopPursuit = latest(wanted, (_, signal) => pursue(signal), fail);
  }
  restart();

  return { retry: restart, streamedFrames: () => streamedFrames, stop: () => stopPursuit() };
}
