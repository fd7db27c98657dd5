/** Live parameters of the running projection, and changes that are not sent yet. */

import { isWorking } from "../../model/data/work";
import { liveChanges } from "../../model/projection/live-parameters";
import { type Method, N_COMPONENTS, type Params } from "../../model/projection/method";
import { isMet } from "../../model/projection/parameter-form";
import type { Projection } from "../../model/projection/projection";
import type { State } from "../state/state";
import { isReadOnly, methodNamed } from "./listing";
import { requestedProjection } from "./request";

export interface Updatable {
  readonly projection: Projection;
  readonly method: Method;
}

/** The work that the open form is of, while it runs and can be changed. */
export function updatable(state: State): Updatable | null {
  const { view } = state;
  const projection = requestedProjection(state);
  if (isReadOnly(state)) return null;
  // Steps that run together are one work, and what is changed in one would be changed in all.
  if (projection?.series) return null;
  if (!projection || !isWorking(projection) || view.request.method !== view.method) return null;
  const method = methodNamed(state, view.method);
  if (!method || (method.live.length === 0 && method.actions.length === 0)) return null;
  if (!isMet(method, method.live_if, projection.params)) return null;
  return { projection, method };
}

/** The live parameters of the running method; none where nothing runs. */
export function liveNames(state: State): readonly string[] {
  return updatable(state)?.method.live ?? NONE;
}

const NONE: readonly string[] = [];

/** What the form says and the running method does not do yet, where it can; null for nothing. */
export function pendingChanges(state: State): Params | null {
  const found = updatable(state);
  if (!found) return null;
  const { params } = found.projection;
  const wanted = {
    ...state.view.drafts[state.view.method],
    // It is set elsewhere than in the form.
    [N_COMPONENTS]: params[N_COMPONENTS] ?? null,
  };
  const changes = liveChanges(found.method, params, wanted);
  return changes && Object.keys(changes).length > 0 ? changes : null;
}
