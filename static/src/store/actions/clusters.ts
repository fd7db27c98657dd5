/** Searches for clusters, and the name under the pointer. */
import { isEqual } from "../../model/data/equality";
import type { ClusterSearch, PointedCluster } from "../state/clusters";
import type { Action } from "../store";

/** `content` is that of the vectors; null forgets the search. */
export function clustersChanged(content: string, search: ClusterSearch | null): Action {
  return (state) => {
    const { [content]: before, ...others } = state.clusters;
    if (isEqual(before ?? null, search)) return state;
    return { ...state, clusters: search ? { ...others, [content]: search } : others };
  };
}

export function pointAtCluster(cluster: PointedCluster | null): Action {
  return (state) =>
    isEqual(state.attention.cluster, cluster)
      ? state
      : { ...state, attention: { ...state.attention, cluster } };
}
