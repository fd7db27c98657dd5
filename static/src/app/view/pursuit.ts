/** A request as one view follows it: for which dataset, and under which key. */
import type { Request } from "../../model/view/view";
import { requestKey, wantedDatasetId } from "../../store/selectors/request";
import type { State } from "../../store/state/state";

export interface Pursuit {
  readonly dataset: string;
  readonly request: Request;
  /** Of the request to the server; two pursuits with one key have the same answer. */
  readonly key: string;
}

/** null while there is no dataset to show. */
export function pursuitOf(state: State): Pursuit | null {
  const { request } = state.view;
  const dataset = wantedDatasetId(state);
  const key = requestKey(state, request);
  return dataset === null || key === null ? null : { dataset, request, key };
}

/** One text for what is wanted: another one is another pursuit. */
export function pursuitKey(state: State): string | null {
  const { request, components } = state.view;
  const key = requestKey(state, request);
  return key === null ? null : `${key} ${request.dims} ${components.join()}`;
}
