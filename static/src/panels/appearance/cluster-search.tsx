/** Looks for clusters: the button, the progress, and what was found. */
import type { JSX } from "preact";
import { shareDone } from "../../model/data/work";
import { count, counted, percent } from "../../model/text/format";
import { clusterSearch } from "../../store/selectors/clusters";
import { shownDataset } from "../../store/selectors/shown";
import type { ClusterSearch } from "../../store/state/clusters";
import { useOffered, useSelect, useStore } from "../context";
import { ProgressBar } from "../controls/progress-bar";

export function ClusterSearchView(): JSX.Element | null {
  const store = useStore();
  const search = useSelect(clusterSearch);
  const hasData = useSelect((state) => state.work.shown !== null);
  const isOffered = useOffered("find-clusters");
  if (!hasData || !isOffered) return null;
  if (search?.status === "working") return <Working search={search} />;
  const find = (inPicture: boolean) => store.request({ kind: "find-clusters", inPicture });
  const isInOriginal = search?.result?.space === "original";
  return (
    <div class="cluster-search">
      {search?.result && <Found search={search} />}
      <div class="row">
        {!isInOriginal && (
          <button
            type="button"
            class="button"
            title="By the density of the vectors, at several levels, named from the data"
            onClick={() => find(false)}
          >
            Find clusters
          </button>
        )}
        {search?.result && (
          <button
            type="button"
            class="button"
            title="By the density of the points as they are drawn"
            onClick={() => find(true)}
          >
            {isInOriginal ? "Find them in this picture" : "Again in this picture"}
          </button>
        )}
      </div>
    </div>
  );
}

function Working({ search }: { readonly search: ClusterSearch }): JSX.Element {
  const store = useStore();
  const { phase, done, total } = search;
  return (
    <div class="cluster-search">
      <ProgressBar
        title={`Clusters: ${phase === "" ? "waiting" : phase}`}
        amount={total > 0 ? `${count(done)} / ${count(total)}` : null}
        share={shareDone(search)}
      />
      <button type="button" class="button" onClick={() => store.request({ kind: "stop-clusters" })}>
        Stop
      </button>
    </div>
  );
}

function Found({ search }: { readonly search: ClusterSearch }): JSX.Element | null {
  const n = useSelect((state) => shownDataset(state)?.info.n_points ?? 0);
  const { result } = search;
  const finest = result?.levels.at(-1);
  if (!result || !finest) return null;
  if (finest.n_clusters === 0) {
    return <p class="hint">No clusters: no part is denser than what is around it.</p>;
  }
  const coarser = result.levels.slice(0, -1).map((level) => count(level.n_clusters));
  const where = result.space === "original" ? "among the vectors" : "in the picture";
  return (
    <p class="hint" title={result.warnings.join(" ")}>
      {counted(finest.n_clusters, "cluster")}
      {coarser.length > 0 && `, joined to ${coarser.reverse().join(", ")},`} found {where};{" "}
      {percent(finest.n_noise / Math.max(1, n))} of the points are in none.
      {result.n_landmarks != null &&
        ` By landmarks: ${count(result.n_landmarks)} points were clustered, the others joined them.`}
    </p>
  );
}
