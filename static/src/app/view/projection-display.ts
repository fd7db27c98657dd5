/** Shows the positions of a projection: its frames while it runs, then its result. */

import type { Api } from "../../api/api";
import { ApiError } from "../../api/errors";
import { isWorking } from "../../model/data/work";
import { FIRST_METHOD } from "../../model/projection/method";
import {
  type Dims,
  fitComponents,
  flattened,
  type Positions,
  type Projection,
} from "../../model/projection/projection";
import type { Request } from "../../model/view/view";
import { projectionHeard, showPositions } from "../../store/actions/projection";
import { keepsComponents } from "../../store/selectors/request";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";
import { pause } from "../browser/latest";
import type { Datasets } from "../data/dataset-loader";
import type { PositionCache } from "../data/position-cache";
import type { Pursuit } from "./pursuit";

/** Between two questions whether a projection has ended, where no stream tells. */
const ASK_MILLISECONDS = 500;

type Wanted = Pick<Pursuit, "dataset" | "request">;

interface Drawn {
  readonly components: readonly number[] | null;
  readonly positions: Positions;
  readonly isLive: boolean;
}

export class ProjectionDisplay {
  /** Frames of running projections that have come so far. */
  streamedFrames = 0;

  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly datasets: Datasets,
    private readonly cache: PositionCache,
  ) {}

  /** Show the positions of a finished projection. */
  async show(projection: Projection, wanted: Wanted, signal: AbortSignal): Promise<void> {
    const shape = await this.shape(projection, wanted, signal);
    await this.draw(projection, wanted, shape, signal);
  }

  /** What is drawn of a projection that is done. */
  private async shape(projection: Projection, wanted: Wanted, signal: AbortSignal): Promise<Drawn> {
    const { dims } = wanted.request;
    const fitting = fitComponents(this.state.view.components, dims, projection.n_kept);
    // Fewer components than axes: the server's own positions have zeros in the rest.
    const components = fitting.length === dims ? fitting : null;
    const positions = await this.positionsOf(projection, components, wanted.request, signal);
    return { components, positions, isLive: false };
  }

  /** Show the frames of a running projection, and its result; rejects where it fails. */
  async follow(projection: Projection, wanted: Wanted, signal: AbortSignal): Promise<void> {
    try {
      // Steps that are laid out together stream one of them.
      const isStreamed = !projection.series || this.isActive;
      if (isStreamed) await this.stream(projection, wanted, signal);
      else await this.untilEnded(projection.id, signal);
    } catch (error) {
      if (!isCrowded(error)) throw error;
      await this.untilEnded(projection.id, signal);
    }
    const ended = await this.api.projections.get(projection.id, signal);
    this.store.dispatch(projectionHeard(ended));
    if (ended.state === "done") return this.show(ended, wanted, signal);
    const { shown } = this.state.work;
    if (shown?.isLive) this.store.dispatch(showPositions({ ...shown, isLive: false }));
    if (ended.state === "failed") throw new Error(ended.error?.message ?? "The projection failed.");
  }

  /** For a link to a long computation: show the first method until its first frame comes. */
  async showFirst(dataset: string, signal: AbortSignal): Promise<void> {
    const { projections } = this.api;
    const request = { method: FIRST_METHOD, params: {}, dims: this.state.view.dims };
    let projection = await projections.start(dataset, FIRST_METHOD, {});
    if (projection.state !== "done") {
      await this.untilLastFrame(projection.id, signal);
      projection = await projections.get(projection.id, signal);
    }
    this.store.dispatch(projectionHeard(projection));
    if (projection.state !== "done" || this.state.work.shown) return;
    const wanted = { dataset, request };
    const shape = await this.shape(projection, wanted, signal);
    // What was asked for may have come meanwhile, and is not to be replaced.
    if (!this.state.work.shown) await this.draw(projection, wanted, shape, signal);
  }

  private async untilLastFrame(id: string, signal: AbortSignal): Promise<void> {
    try {
      for await (const frame of this.api.projections.frames(id, 2, signal)) {
        if (frame.isLast) return;
      }
    } catch (error) {
      if (!isCrowded(error)) throw error;
      await this.untilEnded(id, signal);
    }
  }

  /** Every stream is taken, and perhaps that of the events, too: ask. */
  private async untilEnded(id: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = await this.api.projections.get(id, signal);
      this.store.dispatch(projectionHeard(now));
      if (!isWorking(now)) return;
      await pause(ASK_MILLISECONDS, signal);
    }
  }

  private get state(): State {
    return this.store.state.peek();
  }

  private get isActive(): boolean {
    const { views } = this.state;
    return views.active === views.own;
  }

  private async stream(projection: Projection, wanted: Wanted, signal: AbortSignal): Promise<void> {
    const { dims } = wanted.request;
    for await (const frame of this.api.projections.frames(projection.id, dims, signal)) {
      signal.throwIfAborted();
      // What is drawn in one frame with others comes with it, when all are done.
      if (!frame.positions || (frame.isLast && projection.series)) continue;
      this.streamedFrames += 1;
      // Frames have the first components; others come with the result, a moment later.
      if (!areLeading(this.state, wanted.request, projection)) continue;
      const positions = dims === 2 ? flattened(frame.positions) : frame.positions;
      if (positions.dims !== dims) continue;
      if (frame.isLast) this.cache.set(positionsKey(projection.id, dims, null), positions);
      const isLive = !frame.isLast;
      await this.draw(projection, wanted, { components: null, positions, isLive }, signal);
    }
  }

  private async positionsOf(
    projection: Projection,
    components: readonly number[] | null,
    { dims }: Request,
    signal: AbortSignal,
  ): Promise<Positions> {
    const key = positionsKey(projection.id, dims, components);
    const known = this.cache.get(key);
    if (known) return known;
    const fetched = await this.api.projections.positions(projection, components, signal);
    const flat = dims === 2 ? flattened(fetched) : fetched;
    const frame = projection.series?.result?.frame;
    const positions = frame ? { ...flat, frame } : flat;
    this.cache.set(key, positions);
    return positions;
  }

  private async draw(
    { id, method, params }: Projection,
    { dataset }: Wanted,
    drawn: Drawn,
    signal: AbortSignal,
  ): Promise<void> {
    // The very first projection needs no more than its positions; a later one needs its colors.
    if (this.state.work.shown) await this.datasets.load(dataset);
    signal.throwIfAborted();
    this.store.dispatch(showPositions({ dataset, projection: id, method, params, ...drawn }));
  }
}

/** The first components are the positions themselves. */
function positionsKey(id: string, dims: Dims, components: readonly number[] | null): string {
  const isLeading = components?.every((component, axis) => component === axis) ?? true;
  return `${id} ${dims} ${isLeading ? "" : components?.join()}`;
}

/** Whether a frame's axes are those that are wanted. */
function areLeading(state: State, { dims }: Request, { method }: Projection): boolean {
  if (!keepsComponents(state, method)) return true;
  return state.view.components.slice(0, dims).every((component, axis) => component === axis);
}

function isCrowded(error: unknown): boolean {
  return error instanceof ApiError && error.status === 503;
}
