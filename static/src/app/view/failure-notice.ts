/** Shows why the projection of a view failed, in the server's words. */
import { effect } from "@preact/signals";
import { notify } from "../../store/actions/page";
import { wantedProjection } from "../../store/selectors/request";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";

export function startFailureNotice(store: Store): () => void {
  const failure = store.select(failureOf);
  return effect(() => {
    if (failure.value !== "") store.dispatch(notify("error", failure.value));
  });
}

function failureOf(state: State): string {
  const projection = wantedProjection(state);
  if (projection?.state === "failed") return projection.error?.message ?? "The projection failed.";
  const { request } = state.work;
  return request.status === "failed" ? request.message : "";
}
