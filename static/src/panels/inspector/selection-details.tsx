/** Which points are selected: the card of one with its neighbors, the list of several. */
import type { JSX } from "preact";
import { selectionOf } from "../../model/view/selection";
import { hover, select } from "../../store/actions/selection";
import { selectedPoint, selection } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Lazy } from "../controls/lazy";
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
      <NeighborList index={index} />
    </>
  );
}

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
