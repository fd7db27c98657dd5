/** Duplicates and outliers, by distances to the nearest neighbors in the original space. */

import type { JSX } from "preact";
import { isWorking, shareDone } from "../../model/data/work";
import type { Nearness } from "../../model/projection/nearness";
import { METRIC_TITLES } from "../../model/projection/neighbors";
import { compact, count, counted, distance, percent } from "../../model/text/format";
import { selectionOf } from "../../model/view/selection";
import { askNearness } from "../../store/actions/checks";
import { hover, select } from "../../store/actions/selection";
import { foundNearness } from "../../store/selectors/checks";
import { useOffered, useSelect, useStore } from "../context";
import { ProgressBar } from "../controls/progress-bar";
import { VirtualList } from "../controls/virtual-list";
import { usePointLabel } from "../points/point-label";
import { PointRow } from "../points/point-row";

export function NearnessLists(): JSX.Element {
  const store = useStore();
  const found = useSelect(foundNearness);
  const { work, error, asked } = useSelect(({ checks }) => checks);
  const metric = useSelect(({ view }) => view.metric);
  const canStop = useOffered("stop-nearness");
  const isWaiting = found === null && asked !== "" && (work === null || isWorking(work));
  return (
    <section class="check" aria-label="Duplicates and outliers" aria-busy={isWaiting}>
      <h3 class="section-title">Duplicates and outliers</h3>
      {error && <p class="inline-error">{error}</p>}
      {!found && (
        <div class="check-offer">
          {isWaiting ? (
            <ProgressBar
              title={work?.phase || "Waiting"}
              name="Measuring distances"
              amount={work && work.total > 0 ? `${count(work.done)} / ${count(work.total)}` : null}
              share={work && shareDone(work)}
            />
          ) : (
            <p class="hint">
              Measure the distances of all points to their neighbors ({METRIC_TITLES[metric]}).
            </p>
          )}
          {isWaiting && canStop ? (
            <button
              type="button"
              class="button"
              onClick={() => store.request({ kind: "stop-nearness" })}
            >
              Stop
            </button>
          ) : (
            <button
              type="button"
              class="button"
              disabled={isWaiting}
              onClick={() => store.dispatch(askNearness())}
            >
              Measure
            </button>
          )}
        </div>
      )}
      {found && <Pairs found={found} />}
      {found && <Outliers found={found} />}
    </section>
  );
}

function Pairs({ found }: { readonly found: Nearness }): JSX.Element {
  const store = useStore();
  const { pairs, n_identical } = found;
  return (
    <>
      <ListHead
        title="Closest pairs"
        note={
          n_identical > 0
            ? `${counted(n_identical, "point")} with the very vector of another`
            : "no two points have the same vector"
        }
        onSelect={() =>
          store.dispatch(select(selectionOf(pairs.flatMap((pair) => pair.slice(0, 2)))))
        }
        nListed={pairs.length}
      />
      <VirtualList
        name="Closest pairs"
        count={pairs.length}
        rowHeight={26}
        taken={null}
        renderRow={(at) => <Pair pair={pairs[at] ?? [0, 0, 0]} />}
        onPick={(at) => {
          const [a = 0, b = 0] = pairs[at] ?? [];
          store.dispatch(select(selectionOf([a, b])));
          store.request({ kind: "fly", indices: [a, b] });
        }}
        onPoint={(at) => store.dispatch(hover(at === null ? null : (pairs[at]?.[0] ?? null)))}
      />
    </>
  );
}

function Pair({ pair: [row, other, value] }: { readonly pair: Nearness["pairs"][number] }) {
  const label = usePointLabel(other);
  return (
    <PointRow index={row}>
      <span class="row-name pair-other">{label}</span>
      <span class="number">{distance(value)}</span>
    </PointRow>
  );
}

function Outliers({ found }: { readonly found: Nearness }): JSX.Element {
  const store = useStore();
  const { outliers, median, k, recall } = found;
  return (
    <>
      <ListHead
        title="Outliers"
        note={`mean distance to ${k} neighbors, and how many times the usual${recall < 1 ? ` (${percent(recall)} of the neighbors found)` : ""}`}
        onSelect={() => store.dispatch(select(selectionOf(outliers.map(([row]) => row))))}
        nListed={outliers.length}
      />
      <VirtualList
        name="Outliers"
        count={outliers.length}
        rowHeight={26}
        taken={null}
        renderRow={(at) => {
          const [row, value] = outliers[at] ?? [0, 0];
          return (
            <PointRow index={row}>
              <span class="number is-other">{distance(value)}</span>
              <span class="number times">{median ? `×${compact(value / median, 2)}` : ""}</span>
            </PointRow>
          );
        }}
        onPick={(at) => {
          const row = outliers[at]?.[0] ?? 0;
          store.dispatch(select(selectionOf([row])));
          store.request({ kind: "fly", indices: [row] });
        }}
        onPoint={(at) => store.dispatch(hover(at === null ? null : (outliers[at]?.[0] ?? null)))}
      />
    </>
  );
}

interface ListHeadProps {
  readonly title: string;
  readonly note: string;
  readonly nListed: number;
  readonly onSelect: () => void;
}

function ListHead({ title, note, nListed, onSelect }: ListHeadProps): JSX.Element {
  return (
    <div class="check-list-head">
      <h4>
        {title} <span class="hint">{note}</span>
      </h4>
      {nListed > 0 && (
        <button type="button" class="link" aria-label={`Select the ${title}`} onClick={onSelect}>
          Select
        </button>
      )}
    </div>
  );
}
