/** A request as one view follows it: for which dataset, and under which key. */
import type { Request } from "../../model/view/view";
import { requestedDatasetId, requestKey, workKey } from "../../store/selectors/request";
import type { State } from "../../store/state/state";

export interface Pursuit {
  readonly dataset: string;
  readonly request: Request;
  /** Of the request to the server; two pursuits with one key have the same answer. */
  readonly key: string;
  /** What is computed for it: one work for all steps that are laid out together. */
  readonly work: string;
}

/** null while there is no dataset to show. */
export function pursuitOf(state: State): Pursuit | null {
  const { request } = state.view;
  const dataset = requestedDatasetId(state);
  const key = requestKey(state, request);
  return dataset === null || key === null ? null : { dataset, request, key, work: workKey(key) };
}

/** One text for what is wanted: another one is another pursuit. */
export function pursuitKey(state: State): string | null {
  const { request, components } = state.view;
  const key = requestKey(state, request);
  return key === null ? null : `${key} ${request.dims} ${components.join()}`;
}
