// @vitest-environment jsdom
import { expect, it } from "vitest";
import type { Clusters } from "../../../src/model/data/clusters";
import { ClusterSearchView } from "../../../src/panels/appearance/cluster-search";
import { clustersChanged } from "../../../src/store/actions/clusters";
import { dataset } from "../../store/fixtures";
import { draw, SHOWN, shownText } from "../rendering";

const level = { n_clusters: 1, n_noise: 1, min_cluster_size: 2, parents: [-1], names: [] };
const result: Clusters = { space: "original", metric: "cosine", levels: [level], warnings: [] };

function found(part: Partial<Clusters>) {
  const done = { id: "c1", status: "done", phase: "", done: 0, total: 0 } as const;
  const rest = { message: "", degree: null, isAsked: false };
  return clustersChanged(dataset.content, { ...done, ...rest, result: { ...result, ...part } });
}

it("says how many points were clustered where the others only joined", () => {
  const { dispatch } = draw(<ClusterSearchView />, ...SHOWN, found({}));
  expect(shownText()).toContain("1 cluster found among the vectors");
  expect(shownText()).not.toContain("landmarks");
  dispatch(found({ n_landmarks: 100_000 }));
  expect(shownText()).toContain(
    "By landmarks: 100,000 points were clustered, the others joined them.",
  );
});
