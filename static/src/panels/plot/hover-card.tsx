/** The card for the point under the pointer, near the pointer and never in its way. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { pointLabel, selectedPoint, shownDataset } from "../../store/selectors/shown";
import type { Anchor } from "../../store/state/state";
import { pointKey } from "../../store/state/state";
import { useSelect } from "../context";
import { Thumbnail } from "../controls/thumbnail";
import { PointScores } from "../points/point-quality";

const N_COLUMNS = 8;
/** CSS pixels between the point and its card. */
const GAP = 14;

export function HoverCard(): JSX.Element | null {
  const index = useSelect(({ attention }) => attention.hover);
  const anchor = useSelect(({ attention }) => attention.anchor);
  const selected = useSelect(selectedPoint);
  // The inspector says the same of a selected point, and the card would hide its neighbors.
  if (index === null || !anchor || index === selected) return null;
  return <Card index={index} anchor={anchor} />;
}

function Card({ index, anchor }: { readonly index: number; readonly anchor: Anchor }): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const data = useSelect(shownDataset);
  const label = useSelect((state) => pointLabel(state, index), [index]);
  const values = useSelect(
    ({ attention }) => (data ? attention.values[pointKey(data.info.id, index)] : undefined),
    [index, data],
  );
  const columns = data?.info.columns.slice(0, N_COLUMNS) ?? [];
  const nMore = (data?.info.columns.length ?? 0) - columns.length;
  const sprite = data?.sprite.status === "ready" ? data.sprite.value : null;
  useLayoutEffect(() => {
    if (element.current) place(element.current, anchor);
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
          <span class="hint number">row {index}</span>
        )}
        <PointScores index={index} />
        {values && nMore > 0 && <span class="hint">{nMore} more columns</span>}
      </div>
    </div>
  );
}

/** To the right and below the point, or on the other side where the plot ends. */
function place(card: HTMLElement, { x, y }: Anchor): void {
  const plot = card.parentElement;
  if (!plot) return;
  const { offsetWidth: width, offsetHeight: height } = card;
  const left = x + GAP + width <= plot.clientWidth ? x + GAP : x - GAP - width;
  const top = y + GAP + height <= plot.clientHeight ? y + GAP : y - GAP - height;
  card.style.left = `${Math.max(4, Math.round(left))}px`;
  card.style.top = `${Math.max(4, Math.round(top))}px`;
}
