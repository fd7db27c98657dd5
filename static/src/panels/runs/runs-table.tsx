/** A table of training runs: sorted by a click on a heading, with a box to choose each. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import {
  cellOf,
  cellText,
  columnKey,
  nextRunOrder,
  type Run,
  type RunColumn,
  type RunOrder,
  sortedRuns,
} from "../../model/data/runs";
import { count } from "../../model/text/format";
import { Icon } from "../controls/icon";

/** So many rows are drawn at once; more are a click away. */
const AT_ONCE = 200;

export interface RunsTableProps {
  readonly runs: readonly Run[];
  readonly columns: readonly RunColumn[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

export function RunsTable({ runs, columns, chosen, onChoose }: RunsTableProps): JSX.Element {
  const [order, setOrder] = useState<RunOrder>({ key: null, isDescending: false });
  const [nDrawn, setDrawn] = useState(AT_ONCE);
  const sorted = useMemo(() => sortedRuns(runs, columns, order), [runs, columns, order]);
  const choose = (name: string) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    onChoose(next);
  };
  const nLeft = sorted.length - nDrawn;
  return (
    <div class="runs-scroll">
      <table class="runs-table">
        <thead>
          <tr>
            <th class="runs-box">
              <span class="visually-hidden">Chosen</span>
            </th>
            {columns.map((column) => (
              <Heading
                key={columnKey(column)}
                column={column}
                isNumeric={runs.some((run) => isNumber(run, column))}
                order={order}
                onSort={() => setOrder(nextRunOrder(order, columnKey(column)))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, nDrawn).map((run) => (
            <Row
              key={run.name}
              run={run}
              columns={columns}
              isChosen={chosen.has(run.name)}
              onChoose={() => choose(run.name)}
            />
          ))}
        </tbody>
      </table>
      {nLeft > 0 && (
        <button type="button" class="link" onClick={() => setDrawn(nDrawn + AT_ONCE)}>
          {count(nLeft)} more
        </button>
      )}
    </div>
  );
}

interface HeadingProps {
  readonly column: RunColumn;
  readonly isNumeric: boolean;
  readonly order: RunOrder;
  readonly onSort: () => void;
}

function Heading({ column, isNumeric, order, onSort }: HeadingProps): JSX.Element {
  const isSorted = order.key === columnKey(column);
  const direction = order.isDescending ? "descending" : "ascending";
  return (
    <th scope="col" class={isNumeric ? "number" : ""} aria-sort={isSorted ? direction : "none"}>
      <button type="button" class="table-sort" title={KINDS[column.kind]} onClick={onSort}>
        <span>{column.name}</span>
        {isSorted && <Icon name={order.isDescending ? "chevronDown" : "chevronUp"} />}
      </button>
    </th>
  );
}

const KINDS: Readonly<Record<RunColumn["kind"], string>> = {
  run: "Sort by name",
  status: "Sort by status",
  tensors: "Embeddings in the run's folder",
  health: "Alarms of the shown tensor, or of the run's first one, at all of its steps",
  hparam: "Hyperparameter",
  metric: "Metric: its last value",
};

interface RowProps {
  readonly run: Run;
  readonly columns: readonly RunColumn[];
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Row({ run, columns, isChosen, onChoose }: RowProps): JSX.Element {
  const hasTensors = run.n_tensors > 0;
  return (
    <tr class={isChosen ? "is-chosen" : ""}>
      <td class="runs-box">
        <input
          type="checkbox"
          aria-label={`Choose ${run.name}`}
          title={hasTensors ? undefined : "This run has no embeddings to show"}
          disabled={!hasTensors}
          checked={isChosen}
          onChange={onChoose}
        />
      </td>
      {columns.map((column) => {
        const text = cellText(run, column);
        return (
          <td
            key={columnKey(column)}
            class={isNumber(run, column) ? "number" : ""}
            title={titleOf(run, column)}
            data-part={column.kind === "run" && hasTensors ? `run ${run.name}` : undefined}
          >
            {column.kind === "health" && (run.health?.nAlarms ?? 0) > 0 ? (
              <span class="runs-alarms">{text}</span>
            ) : (
              text
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** Health is sorted by a number, and reads as a text. */
function isNumber(run: Run, column: RunColumn): boolean {
  return column.kind !== "health" && typeof cellOf(run, column) === "number";
}

/** What is cut off, or rounded. */
function titleOf(run: Run, column: RunColumn): string {
  if (column.kind === "health") return run.health?.title ?? "";
  return isNumber(run, column) ? String(cellOf(run, column)) : cellText(run, column);
}
