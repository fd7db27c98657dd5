/** Searches for clusters, and the name under the pointer. */
import { isEqual } from "../../model/data/equality";
import type { ClusterSearch, PointedCluster } from "../state/clusters";
import type { Action } from "../store";

/** `content` is that of the vectors. */
export function clustersChanged(content: string, search: ClusterSearch): Action {
  return (state) =>
    isEqual(state.clusters[content], search)
      ? state
      : { ...state, clusters: { ...state.clusters, [content]: search } };
}

export function pointAtCluster(cluster: PointedCluster | null): Action {
  return (state) =>
    isEqual(state.attention.cluster, cluster)
      ? state
      : { ...state, attention: { ...state.attention, cluster } };
}
