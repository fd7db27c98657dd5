/** Which dataset and which projection a view requests at the moment. */

import { resolveColumn } from "../../model/data/dataset";
import { entryAt } from "../../model/data/listing";
import { isWorking } from "../../model/data/work";
import { FIRST_METHOD, N_COMPONENTS, type Params, paramsKey } from "../../model/projection/method";
import { parsePoints } from "../../model/projection/point-ranges";
import type { Projection } from "../../model/projection/projection";
import { mayBeFirst } from "../../model/view/default-request";
import type { Request } from "../../model/view/view";
import type { DatasetData, State } from "../state/state";
import { listingOf, methodNamed, methodsOf } from "./listing";
import { listKey, togetherWith } from "./together";

export function requestedDatasetId(state: State): string | null {
  const listing = listingOf(state);
  const { place } = state.view;
  return listing && place ? (entryAt(listing, place)?.id ?? null) : null;
}

export function requestedDataset(state: State): DatasetData | null {
  return state.datasets[requestedDatasetId(state) ?? ""] ?? null;
}

/**
 * What to send for a request. A method that keeps its components is asked once, and its axes are
 * chosen afterwards; any other has to know how many dimensions to make.
 */
export function paramsToSend(
  state: State,
  request: Request,
  dataset: string | null = requestedDatasetId(state),
): Params {
  const isTogether = dataset !== null && togetherWith(state, request.method, dataset) !== null;
  if (isTogether) return { ...request.params, [N_COMPONENTS]: request.dims };
  if (keepsComponents(state, request.method)) return request.params;
  const method = methodNamed(state, request.method);
  const declares = method?.parameters.some((each) => each.name === N_COMPONENTS) ?? true;
  return declares ? { ...request.params, [N_COMPONENTS]: request.dims } : request.params;
}

/** Declared; of the first method it is known before the declarations have come. */
export function keepsComponents(state: State, method: string): boolean {
  if (!methodsOf(state)) return method === FIRST_METHOD;
  return methodNamed(state, method)?.keeps_components ?? false;
}

/** Whether a method is done before another projection could be shown meanwhile. */
export function isInstant(state: State, method: string): boolean {
  if (!methodsOf(state)) return mayBeFirst(method);
  return methodNamed(state, method)?.is_instant ?? false;
}

/** One text for one request to the server; null while no dataset is wanted. */
export function requestKey(state: State, request: Request): string | null {
  const base = plainKey(state, request);
  const modified = state.quality.modified[request.modified ?? ""];
  return modified?.base === base ? `${base} modified ${request.modified}` : base;
}

/** The same, though a projection that was modified answers it otherwise. */
export function plainKey(state: State, request: Request): string | null {
  const dataset = requestedDatasetId(state);
  return dataset === null ? null : plainKeyOf(state, request, dataset);
}

/** The same for another dataset than the requested one. */
export function plainKeyOf(state: State, request: Request, dataset: string): string {
  const together = togetherWith(state, request.method, dataset);
  const params = paramsKey(paramsToSend(state, request, dataset));
  if (together) return `${dataset} ${request.method} ${params}${TOGETHER}${listKey(together)}`;
  const free = state.view.keepOrientation ? "" : " free";
  const named = namingColumn(state, request, dataset);
  const names = named === null ? "" : ` names ${named}`;
  return `${dataset} ${request.method} ${params}${free}${names}`;
}

const TOGETHER = " together ";

/** What is computed for a request: one work for all steps that are laid out together. */
export function workKey(key: string): string {
  return key.includes(TOGETHER) ? key.slice(key.indexOf(" ") + 1) : key;
}

/** The column that was chosen for names, where the request names points by it; else null. */
export function namingColumn(state: State, request: Request, dataset: string): number | null {
  const info = state.datasets[dataset]?.info;
  const column = info && resolveColumn(info, state.view.label ?? null);
  if (!column || column.index === info.label_column) return null;
  const sets = (methodNamed(state, request.method)?.parameters ?? []).filter(
    ({ kind }) => kind === "points",
  );
  const isNamed = sets.some(({ name }) => {
    const text = request.params[name];
    return typeof text === "string" && "labels" in parsePoints(text, null);
  });
  return isNamed ? column.index : null;
}

/** The projection that answers the current request, as far as the server has said. */
export function requestedProjection(state: State): Projection | null {
  const id = state.work.answers[requestKey(state, state.view.request) ?? ""];
  return id === undefined ? null : (state.work.projections[id] ?? null);
}

/** Whether the requested projection is still being asked for or computed. */
export function isAwaited(state: State): boolean {
  return isWorking(requestedProjection(state)) || state.work.request.status === "loading";
}
