/** Why a cluster has its name: a card at the name in the plot that the pointer rests on. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ClusterCategory, ClusterName, ClusterWord } from "../../model/data/clusters";
import { compact, count, percent } from "../../model/text/format";
import { clusterNamed, clusterSearch } from "../../store/selectors/clusters";
import { shownDataset } from "../../store/selectors/shown";
import type { PointedCluster } from "../../store/state/clusters";
import { useSelect } from "../context";
import { Thumbnail } from "../controls/thumbnail";
import { placeCard } from "./card-place";

const N_WORDS = 6;
const N_CATEGORIES = 3;
const N_IMAGES = 8;

export function ClusterCard(): JSX.Element | null {
  const pointed = useSelect(({ attention }) => attention.cluster);
  const name = useSelect(
    (state) => pointed && clusterNamed(state, pointed.level, pointed.text),
    [pointed],
  );
  return pointed && name ? <Card pointed={pointed} name={name} /> : null;
}

function Card({
  pointed,
  name,
}: {
  readonly pointed: PointedCluster;
  readonly name: ClusterName;
}): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const data = useSelect(shownDataset);
  const space = useSelect((state) => clusterSearch(state)?.result?.space ?? "original");
  const n = data?.info.n_points ?? 0;
  const sprite = data?.sprite.status === "ready" ? data.sprite.value : null;
  useLayoutEffect(() => {
    if (element.current) placeCard(element.current, pointed);
  });
  return (
    // As the card of a point: screen readers have the column, its legend and its table.
    <div ref={element} class="hover-card cluster-card" aria-hidden="true">
      <div class="hover-text">
        <strong class="point-label">{name.text}</strong>
        <span class="hint">
          {count(name.size)} points, {percent(name.size / Math.max(1, n))}
        </span>
        {name.words.length > 0 && <Words words={name.words.slice(0, N_WORDS)} />}
        {name.categories.length > 0 && (
          <Categories categories={name.categories.slice(0, N_CATEGORIES)} />
        )}
        {name.labels.length > 0 && (
          <p class="cluster-central">
            In its middle: {name.labels.slice(0, name.by === "words" ? 1 : 6).join(", ")}
          </p>
        )}
        {sprite && (
          <div class="cluster-images">
            {name.central.slice(0, N_IMAGES).map((row) => (
              <Thumbnail key={row} sprite={sprite} index={row} size={32} />
            ))}
          </div>
        )}
        <span class="hint">
          {space === "original" ? "Found among the vectors" : "Found in a picture"}. Click to
          select.
        </span>
      </div>
    </div>
  );
}

/** What hardly occurs elsewhere has a lift without meaning in its digits. */
function liftText(lift: number): string {
  return lift >= 1000 ? "> 999×" : `${compact(lift, 2)}×`;
}

function Words({ words }: { readonly words: readonly ClusterWord[] }): JSX.Element {
  const most = Math.max(...words.map(({ weight }) => weight));
  return (
    <table class="cluster-words">
      <thead>
        <tr>
          <th>Word</th>
          <th>Weight</th>
          <th>In it</th>
          <th>Lift</th>
        </tr>
      </thead>
      <tbody>
        {words.map(({ text, weight, share, lift }) => (
          <tr key={text}>
            <td>
              <span class="cluster-bar" style={{ width: `${(weight / most) * 100}%` }} />
              {text}
            </td>
            <td class="number">{compact(weight, 3)}</td>
            <td class="number">{percent(share)}</td>
            <td class="number">{liftText(lift)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Categories({
  categories,
}: {
  readonly categories: readonly ClusterCategory[];
}): JSX.Element {
  return (
    <dl class="hover-values">
      {categories.map(({ column, value, share, lift }) => (
        <div key={column}>
          <dt>{column}</dt>
          <dd>
            {value}, {percent(share)} ({liftText(lift)})
          </dd>
        </div>
      ))}
    </dl>
  );
}
