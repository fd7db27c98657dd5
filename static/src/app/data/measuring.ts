/** Requests the quality of projections from the server, each once. */

import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { isWorking } from "../../model/data/work";
import { N_COMPONENTS } from "../../model/projection/method";
import type { Projection } from "../../model/projection/projection";
import type { Score } from "../../model/projection/quality";
import { projectionHeard } from "../../store/actions/projection";
import {
  measuringAsked,
  measuringFailed,
  scoreLoaded,
  twinFound,
} from "../../store/actions/quality";
import { finishedProjection, needsTwin, projectionKey } from "../../store/selectors/quality";
import type { State } from "../../store/state/state";
import { activeScope, type RootStore, type Store } from "../../store/store";
import { until } from "../browser/latest";

/** An event about the work may be lost on its way. */
const PATIENCE_MILLISECONDS = 5000;

/** For all views: a projection that two of them show is measured once. */
export class Measuring {
  /** Any view's: what is measured belongs to all of them, and outlives the view that asked. */
  private readonly store: Store;
  private readonly open = new Map<string, Promise<void>>();
  private readonly failed = new Set<string>();

  constructor(
    root: RootStore,
    private readonly api: Api,
  ) {
    this.store = activeScope(root);
  }

  /** Measure what a view shows. It never rejects: the state says why there are no scores. */
  measure(state: State): Promise<void> {
    const projection = finishedProjection(state);
    if (!projection) return Promise.resolve();
    return this.once(projectionKey(state), async () => {
      this.store.dispatch(measuringAsked(projection.id));
      try {
        const id = await this.projectionSeen(state, projection);
        this.store.dispatch(projectionHeard(await this.api.quality.measure(id)));
        await this.settled(id, (each) => !isWorking(each?.quality ?? null));
      } catch (error) {
        this.store.dispatch(measuringFailed(projection.id, messageOf(error)));
      }
    });
  }

  /** Fetch one score of every point. What failed is not asked for again. */
  async load(projection: Projection, score: Score, shown: string): Promise<void> {
    const key = `${projection.id} ${score}`;
    if (this.failed.has(key)) return;
    await this.once(key, async () => {
      try {
        const values = await this.api.quality.scores(projection, score);
        this.store.dispatch(scoreLoaded(projection.id, score, values));
      } catch (error) {
        this.failed.add(key);
        this.store.dispatch(measuringFailed(shown, messageOf(error)));
      }
    });
  }

  /** The projection with as many dimensions as are seen; it is made where it is another one. */
  private async projectionSeen(state: State, projection: Projection): Promise<string> {
    if (!needsTwin(state, projection)) return projection.id;
    const dims = state.work.shown?.positions.dims ?? projection.n_components;
    const { dataset, method, params } = projection;
    const all = { ...params, [N_COMPONENTS]: dims };
    const twin = await this.api.projections.start(dataset, method, all);
    // Named as a twin before it is known, so that no list shows it for a moment.
    this.store.dispatch(twinFound(projectionKey(state), twin.id));
    this.store.dispatch(projectionHeard(twin));
    await this.settled(twin.id, (each) => !isWorking(each));
    return twin.id;
  }

  /** Wait for an event; ask where none comes. */
  private async settled(
    id: string,
    isSettled: (projection: Projection | null) => boolean,
  ): Promise<void> {
    const known = this.store.select((state) => state.work.projections[id] ?? null);
    while (!isSettled(known.peek())) {
      const wait = new AbortController();
      const timer = setTimeout(() => wait.abort(), PATIENCE_MILLISECONDS);
      const isHeard = await until(known, isSettled, wait.signal).then(
        () => true,
        () => false,
      );
      clearTimeout(timer);
      if (!isHeard) this.store.dispatch(projectionHeard(await this.api.projections.get(id)));
    }
  }

  private once(key: string, task: () => Promise<void>): Promise<void> {
    const running = this.open.get(key) ?? task().finally(() => this.open.delete(key));
    this.open.set(key, running);
    return running;
  }
}
