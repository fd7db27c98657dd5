/**
 * Requests the projection of a view and shows it. A new request ends the pursuit of the one
 * before, so a late answer is never shown.
 */

import type { Api } from "../../api/api";
import { ApiError, isAbort, messageOf } from "../../api/errors";
import { isWorking } from "../../model/data/work";
import type { References } from "../../model/projection/alignment";
import type { Params } from "../../model/projection/method";
import type { Projection } from "../../model/projection/projection";
import { notify } from "../../store/actions/page";
import {
  projectionFailed,
  projectionForgotten,
  requestAnswered,
  requestFailed,
  requestStarted,
} from "../../store/actions/projection";
import { referenceNoted } from "../../store/actions/quality";
import { setSetting } from "../../store/actions/view";
import { isOffered } from "../../store/offered";
import { type Reference, referenceFor } from "../../store/selectors/alignment";
import {
  isInstant,
  namingColumn,
  paramsToSend,
  requestedProjection,
  workKey,
} from "../../store/selectors/request";
import { togetherWith } from "../../store/selectors/together";
import type { State } from "../../store/state/state";
import type { ViewId } from "../../store/state/view-id";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";
import type { Datasets } from "../data/dataset-loader";
import type { PositionCache } from "../data/position-cache";
import type { WorkClaims } from "../data/work-claims";
import { ProjectionDisplay } from "./projection-display";
import { type Pursuit, pursuitKey, pursuitOf } from "./pursuit";

/** A step slider that is being dragged passes many steps; only where it rests is computed. */
const REST_MILLISECONDS = 120;

/** The server's names for what cannot be laid out together, though perhaps by itself. */
const REFUSED = ["ParameterError", "ShapeError", "MemoryLimitError"];

/** What the loaders of all views share. */
export interface SharedWork {
  readonly datasets: Datasets;
  readonly positions: PositionCache;
  readonly claims: WorkClaims;
}

export class ProjectionLoader {
  private readonly display: ProjectionDisplay;
  private readonly claims: WorkClaims;
  private previous: Pursuit | null = null;
  private stopPursuit: () => void = () => undefined;

  constructor(
    private readonly store: Store,
    private readonly view: ViewId,
    private readonly api: Api,
    { datasets, positions, claims }: SharedWork,
  ) {
    this.display = new ProjectionDisplay(store, api, datasets, positions);
    this.claims = claims;
    this.retry();
  }

  get streamedFrames(): number {
    return this.display.streamedFrames;
  }

  /** Ask for what is wanted, also where it was asked for before: after a failure or a stop. */
  retry(): void {
    this.stop();
    this.stopPursuit = latest(
      this.store.select(pursuitKey),
      (_, signal) => this.pursue(signal),
      (error) => this.fail(error),
    );
  }

  /** The page is closed: the server may finish what it works on. */
  stop(): void {
    this.stopPursuit();
  }

  /** The view is removed: what only this view waited for is stopped. */
  leave(): void {
    this.stop();
    for (const work of this.claims.releaseAll(this.view)) this.stopUnclaimed(work);
  }

  private get state(): State {
    return this.store.state.peek();
  }

  private async pursue(signal: AbortSignal): Promise<void> {
    const pursuit = pursuitOf(this.state);
    if (!pursuit) return;
    const isFirst = this.previous === null;
    this.turnTo(pursuit);
    let projection = requestedProjection(this.state);
    if (!projection) {
      if (!isFirst) await pause(REST_MILLISECONDS, signal);
      projection = await this.ask(pursuit).catch((error: unknown) => {
        // A link whose parameters are refused still opens, with the first method.
        if (!this.state.work.shown) this.showFirst(pursuit, signal);
        throw error;
      });
      signal.throwIfAborted();
    }
    if (projection.state === "done") return this.display.show(projection, pursuit, signal);
    if (!this.state.work.shown && !isInstant(this.state, pursuit.request.method)) {
      this.showFirst(pursuit, signal);
    }
    await this.follow(projection, pursuit, signal);
  }

  private async follow(
    projection: Projection,
    pursuit: Pursuit,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.display.follow(projection, pursuit, signal);
    } catch (error) {
      // Changed in another view while it ran, it goes on under another id and is no answer here.
      const isKnown = this.state.work.projections[projection.id] !== undefined;
      if (isKnown || signal.aborted) throw error;
      await this.pursue(signal);
    }
  }

  /**
   * Work that no view waits for is stopped: that of another step, or of other parameters. Work of
   * another method for the same data goes on, to be done when the person comes back to it.
   */
  private turnTo(next: Pursuit): void {
    const old = this.previous;
    this.previous = next;
    this.claims.claim(next.work, this.view);
    if (!old || old.work === next.work) return;
    if (old.dataset === next.dataset && old.request.method !== next.request.method) return;
    this.claims.release(old.work, this.view);
    this.stopUnclaimed(old.work);
  }

  private stopUnclaimed(work: string): void {
    const { answers, projections } = this.state.work;
    const answer = Object.keys(answers).find((key) => workKey(key) === work);
    const projection = projections[answers[answer ?? ""] ?? ""];
    if (projection) this.stopUnlessClaimed(work, projection);
  }

  private stopUnlessClaimed(work: string, projection: Projection): void {
    if (this.claims.isClaimed(work) || !isWorking(projection)) return;
    if (!isOffered(this.state, "stop")) return;
    this.api.projections.stop(projection.id).catch(() => undefined);
  }

  /** Not abortable: the server has it anyway, and the answer says what there is to stop. */
  private async ask(pursuit: Pursuit): Promise<Projection> {
    const { dataset, request, key, work } = pursuit;
    this.store.dispatch(requestStarted(key));
    const together = togetherWith(this.state, request.method, dataset);
    if (together) return this.askTogether(pursuit, together);
    try {
      const params = paramsToSend(this.state, request);
      const reference = referenceFor(this.state, dataset, request);
      const named = namingColumn(this.state, request, dataset);
      const names = named === null ? {} : { label_column: named };
      const projection = await this.startFrom(reference, dataset, request.method, params, names);
      this.store.dispatch(requestAnswered(key, projection));
      this.stopUnlessClaimed(work, projection);
      return projection;
    } catch (error) {
      this.store.dispatch(requestFailed(key, messageOf(error)));
      throw error;
    }
  }

  /** What the server refuses to lay out together is asked for by itself, and that is said. */
  private async askTogether(
    { dataset, request, key, work }: Pursuit,
    together: readonly string[],
  ): Promise<Projection> {
    try {
      const params = paramsToSend(this.state, request);
      const { method } = request;
      const projection = await this.api.projections.start(dataset, method, params, { together });
      this.store.dispatch(requestAnswered(key, projection));
      this.stopUnlessClaimed(work, projection);
      return projection;
    } catch (error) {
      this.store.dispatch(requestFailed(key, messageOf(error)));
      if (error instanceof ApiError && REFUSED.includes(error.type)) {
        this.store.dispatch(setSetting("stepLayout", "alone"));
        const said = `Each step is laid out by itself: ${messageOf(error)}`;
        this.store.dispatch(notify("info", said));
      }
      throw error;
    }
  }

  /** What the server has forgotten meanwhile is no reason to show nothing. */
  private async startFrom(
    reference: Reference | null,
    dataset: string,
    method: string,
    params: Params,
    names: References,
  ): Promise<Projection> {
    const { projections } = this.api;
    if (!reference) return projections.start(dataset, method, params, names);
    try {
      const found = await projections.start(dataset, method, params, {
        ...names,
        ...reference.references,
      });
      this.store.dispatch(referenceNoted(found.id, reference.name));
      return found;
    } catch (error) {
      const isForgotten = error instanceof ApiError && [404, 409].includes(error.status);
      if (!isForgotten) throw error;
      return projections.start(dataset, method, params, names);
    }
  }

  private showFirst({ dataset }: Pursuit, signal: AbortSignal): void {
    this.display.showFirst(dataset, signal).catch(() => undefined);
  }

  private fail(error: unknown): void {
    if (isAbort(error) || !this.previous) return;
    const projection = requestedProjection(this.state);
    if (projection && error instanceof ApiError && error.status === 404) {
      this.store.dispatch(projectionForgotten(projection.id));
    }
    this.store.dispatch(projectionFailed(this.previous.key, messageOf(error)));
  }
}
