/** Which points are selected: the card of one with its neighbors, the list of several. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isDriftColumn } from "../../model/data/drift";
import { selectionOf } from "../../model/view/selection";
import { hover, select } from "../../store/actions/selection";
import { selectedPoint, selection, shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Lazy } from "../controls/lazy";
import { Segmented } from "../controls/segmented";
import { VirtualList } from "../controls/virtual-list";
import { PointRow } from "../points/point-row";
import { NeighborList } from "./neighbor-list";
import { PointCard } from "./point-card";

const CENTROID = async () => (await import("./nearest-results")).NearestToCentroid;

export function SelectionDetails(): JSX.Element {
  const index = useSelect(selectedPoint);
  return index === null ? (
    <>
      <SelectedList />
      <Lazy isWanted load={CENTROID} />
    </>
  ) : (
    <>
      <PointCard index={index} />
      <NeighborsPart index={index} />
    </>
  );
}

const DRIFT = async () => (await import("./drift-neighbors")).DriftNeighborList;

/** The nearest neighbors; where two views were compared, those that were kept, lost and gained. */
function NeighborsPart({ index }: { readonly index: number }): JSX.Element {
  const [list, setList] = useState<"nearest" | "drift">("drift");
  const hasDrift = useSelect((state) => shownDataset(state)?.info.columns.some(isDriftColumn));
  if (!hasDrift) return <NeighborList index={index} />;
  return (
    <>
      <div class="neighbors-switch">
        <Segmented name="Neighbors" value={list} choices={LISTS} onChange={setList} />
      </div>
      {list === "nearest" && <NeighborList index={index} />}
      <Lazy isWanted={list === "drift"} load={DRIFT} />
    </>
  );
}

const LISTS = [
  { value: "drift", title: "Kept, lost, gained" },
  { value: "nearest", title: "Nearest" },
] as const;

function SelectedList(): JSX.Element {
  const store = useStore();
  const rows = useSelect(selection);
  return (
    <VirtualList
      name="Selected points"
      count={rows.length}
      rowHeight={26}
      taken={null}
      renderRow={(row) => <PointRow index={rows[row] ?? 0} />}
      onPick={(row) => store.dispatch(select(selectionOf([rows[row] ?? 0])))}
      onPoint={(row) => store.dispatch(hover(row === null ? null : (rows[row] ?? null)))}
    />
  );
}
