/** The card for the point under the pointer, near the pointer and never in its way. */
import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import {
  labelColumn,
  rowNumber,
  selectedPoint,
  selection,
  shownDataset,
} from "../../store/selectors/shown";
import type { Anchor } from "../../store/state/state";
import { pointKey } from "../../store/state/state";
import { useSelect } from "../context";
import { Thumbnail } from "../controls/thumbnail";
import { usePointLabel } from "../points/point-label";
import { PointScores } from "../points/point-quality";
import { placeCard } from "./card-place";

const N_COLUMNS = 8;

export function HoverCard(): JSX.Element | null {
  const index = useSelect(({ attention }) => attention.hover);
  const anchor = useSelect(({ attention }) => attention.anchor);
  const selected = useSelect(selectedPoint);
  const rows = useSelect(selection);
  // A selection that was made while the pointer rests is what is looked at now.
  const before = useMemo(() => rows, [index]);
  // The inspector says the same of a selected point, and the card would hide its neighbors.
  if (index === null || !anchor || index === selected || rows !== before) return null;
  return <Card index={index} anchor={anchor} />;
}

function Card({ index, anchor }: { readonly index: number; readonly anchor: Anchor }): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const data = useSelect(shownDataset);
  const row = useSelect((state) => rowNumber(state, index), [index]);
  const label = usePointLabel(index);
  const values = useSelect(
    ({ attention }) => (data ? attention.values[pointKey(data.info.id, index)] : undefined),
    [index, data],
  );
  // The label is the title already.
  const title = useSelect((state) => (data && labelColumn(state, data)?.index) ?? null, [data]);
  const others = data?.info.columns.filter((column) => column.index !== title) ?? [];
  const columns = others.slice(0, N_COLUMNS);
  const nMore = others.length - columns.length;
  const sprite = data?.sprite.status === "ready" ? data.sprite.value : null;
  useLayoutEffect(() => {
    if (element.current) placeCard(element.current, anchor);
  });
  return (
    // Screen readers hear of points by the selection; a card that follows the pointer only disturbs.
    <div ref={element} class="hover-card" aria-hidden="true">
      {sprite && <Thumbnail sprite={sprite} index={index} size={64} />}
      <div class="hover-text">
        <strong class="point-label">{label}</strong>
        {values ? (
          <dl class="hover-values">
            {columns.map(({ index: place, name }) => (
              <div key={place}>
                <dt>{name}</dt>
                <dd>{values.values[place] ?? <span class="missing">missing</span>}</dd>
              </div>
            ))}
          </dl>
        ) : (
          <span class="hint number">row {row}</span>
        )}
        <PointScores index={index} />
        {values && nMore > 0 && <span class="hint">{nMore} more columns</span>}
      </div>
    </div>
  );
}
