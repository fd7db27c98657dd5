/** Whether the page is at work, or will be by itself: for scripts that wait until it is not. */

import { isWorking } from "../../model/data/work";
import type { State } from "../state/state";
import { clusterSearch, unaskedClusters } from "./clusters";
import { shownQuality, unaskedKey } from "./quality";
import { isAwaited, requestedDataset, requestedDatasetId } from "./request";

/** Of all views: each is at work by itself. */
export function isPageBusy(views: readonly State[]): boolean {
  return views.some(isBusy);
}

export function isBusy(state: State): boolean {
  const { log, work, tags } = state;
  const isMissing = requestedDatasetId(state) !== null && requestedDataset(state) === null;
  const isLoading =
    log.listing.status === "loading" || (isMissing && work.request.status !== "failed");
  // A small projection is measured a moment after it is done, without a request.
  const isMeasured = isWorking(shownQuality(state)) || unaskedKey(state) !== "";
  const isSaving = Object.values(tags.kept).some(({ status }) => status === "saving");
  const isComparing = state.drift?.status === "working";
  const isFinding = clusterSearch(state)?.status === "working" || unaskedClusters(state) !== null;
  if (isFinding || isComparing) return true;
  return isSaving || isLoading || isAwaited(state) || (work.shown?.isLive ?? false) || isMeasured;
}
