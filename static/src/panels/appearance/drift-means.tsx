/** What the drift between two views comes to: for all points, and for each category. */
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { type CategoryMean, meansByCategory } from "../../model/data/category-means";
import { type Column, refOf } from "../../model/data/dataset";
import { isDriftColumn } from "../../model/data/drift";
import { isEqual } from "../../model/data/equality";
import { isMetric, METRIC_TITLES } from "../../model/projection/neighbors";
import { count, counted, percent } from "../../model/text/format";
import { filterOf, hasValue } from "../../model/view/filter";
import { driftDetails } from "../../store/actions/drift";
import { toggleFilterValue } from "../../store/actions/filter";
import { togglePanel } from "../../store/actions/layout";
import { openInspector } from "../../store/actions/page";
import { classColumns } from "../../store/selectors/checks";
import { shownDrift, shownDriftColumns } from "../../store/selectors/drift";
import { shownDataset } from "../../store/selectors/shown";
import { driftSides } from "../../store/selectors/views";
import type { Drift } from "../../store/state/drift";
import { useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";
import { useRoving } from "../controls/roving";
import { Select } from "../controls/select";

/** More rows than this are no overview; the table has all points. */
const MOST_ROWS = 100;

export function DriftMeans(): JSX.Element {
  const store = useStore();
  const drift = useSelect(shownDrift);
  const columns = useSelect(shownDriftColumns, [], isEqual);
  const [kept, shift] = columns;
  const id = kept?.made_by ?? "";
  // A page that was opened later has the columns alone.
  useEffect(() => {
    if (id !== "" && !drift) store.request({ kind: "load-drift" });
  }, [store, id, drift]);
  return (
    <section class="drift" aria-label="Drift">
      {drift && <Whole drift={drift} />}
      {drift && <Lines drift={drift} />}
      {kept && shift && <ByCategory kept={kept} shift={shift} />}
      {drift?.result?.summary.warnings.map((warning) => (
        <p key={warning} class="hint">
          {warning}
        </p>
      ))}
    </section>
  );
}

/** The figures of all points, with what they mean: their colors are the same in every picture. */
function Whole({ drift }: { readonly drift: Drift }): JSX.Element | null {
  const [a, b] = useSelect((state) => driftSides(state, drift.from, drift.to), [drift], isEqual);
  const store = useStore();
  if (!drift.result) return null;
  const { summary, n_groups: nGroups } = drift.result;
  const { k, metric, kept, kept_error, chance, moved, n_compared } = summary;
  const name = isMetric(metric) ? METRIC_TITLES[metric].toLowerCase() : metric;
  const details =
    `${count(n_compared)} points are compared. Shift is how far a point moved once ${a} is laid ` +
    `on ${b}, in sizes of the cloud; ${percent(moved)} of the points moved further than their ` +
    "neighborhood reaches.";
  return (
    <p class="hint" title={details}>
      {percent(kept)} ± {percent(kept_error)} of the {k} nearest neighbors ({name}) kept from {a} to{" "}
      {b}; by chance {percent(chance)}. Shift is in sizes of the cloud.{" "}
      {nGroups > 0 && (
        <button
          type="button"
          class="link"
          onClick={() => {
            store.dispatch(togglePanel("right", true));
            store.dispatch(openInspector("checks"));
          }}
        >
          {counted(nGroups, "group")} moved alike
        </button>
      )}
    </p>
  );
}

/** Lines to the other view, and of how many points; only where both are on the page. */
function Lines({ drift }: { readonly drift: Drift }): JSX.Element | null {
  const store = useStore();
  const [a, b] = useSelect((state) => driftSides(state, drift.from, drift.to), [drift], isEqual);
  const own = useSelect((state) => shownDataset(state)?.info.id ?? "");
  const isFiltered = useSelect(({ view }) => view.filters.length > 0 || view.where !== "");
  if (a.length !== 1) return null;
  const other = own === drift.from ? b : a;
  const { hasLines, lines } = drift;
  return (
    <>
      <Checkbox
        name={`Lines to the places in ${other}`}
        isChecked={hasLines}
        onChange={(next) => {
          store.dispatch(driftDetails(drift.id, { hasLines: next }));
          store.request({ kind: "draw-drift-lines" });
        }}
      />
      {hasLines && (
        <p class="hint">
          {lines
            ? `${count(lines.n)} of ${count(lines.of)} ${lines.areSelected ? "selected points" : "points, those that shifted most"}. The picture of ${other} is laid on this one as a whole; residual ${lines.residual.toFixed(2)} (1: unrelated).${isFiltered ? " What filters leave out has no line." : ""}`
            : "Both views must be flat or both in 3D, and at rest."}
        </p>
      )}
    </>
  );
}

interface ByCategoryProps {
  readonly kept: Column;
  readonly shift: Column;
}

function ByCategory({ kept, shift }: ByCategoryProps): JSX.Element | null {
  const classes = useSelect(classColumns, [], isEqual).filter((each) => !isDriftColumn(each));
  const proposed = useSelect((state) => shownDataset(state)?.info.color_column ?? null);
  const [chosen, setChosen] = useState<string | null>(null);
  const by =
    classes.find(({ name }) => name === chosen) ??
    classes.find(({ index }) => index === proposed) ??
    classes[0];
  if (!by) return null;
  return (
    <>
      <Select name="Mean by" value={by.name} onChange={setChosen}>
        {classes.map(({ index, name }) => (
          <option key={index} value={name}>
            {name}
          </option>
        ))}
      </Select>
      <Means key={`${by.index} ${by.name}`} by={by} kept={kept} shift={shift} />
    </>
  );
}

function Means({ by, kept, shift }: ByCategoryProps & { readonly by: Column }): JSX.Element | null {
  const store = useStore();
  const { ref, onKeyDown, onFocusIn } = useRoving<HTMLTableSectionElement>();
  const codes = usePart(by, "codes");
  const shares = usePart(kept, "numbers");
  const shifts = usePart(shift, "numbers");
  const filter = useSelect(({ view }) => filterOf(view.filters, refOf(by)), [by]);
  const means = useMemo(() => {
    if (!codes || !shares || !shifts) return null;
    const columns = [shares.values, shifts.values];
    return meansByCategory(codes.codes, codes.categories.names, columns);
  }, [codes, shares, shifts]);
  if (!means) return null;
  const rows = means.slice(0, MOST_ROWS);
  return (
    <>
      <table class="drift-means" aria-label={`Mean drift by ${by.name}`}>
        <thead>
          <tr>
            <th scope="col">{by.name}</th>
            <th scope="col">points</th>
            <th scope="col" title="Mean share of neighbors that its points keep">
              kept
            </th>
            <th scope="col" title="Mean shift of its points, in sizes of the cloud">
              shift
            </th>
          </tr>
        </thead>
        <tbody ref={ref} onKeyDown={onKeyDown} onFocusIn={onFocusIn}>
          {rows.map((row, at) => (
            <MeanRow
              key={row.name}
              row={row}
              isStop={at === 0}
              isTaken={hasValue(filter, row)}
              isDimmed={filter !== null && !hasValue(filter, row)}
              onPress={() => store.dispatch(toggleFilterValue(refOf(by), { name: row.name }))}
            />
          ))}
        </tbody>
      </table>
      {by.n_categories > rows.length && (
        <p class="hint">
          The {count(rows.length)} most frequent of {count(by.n_categories)} values.
        </p>
      )}
    </>
  );
}

interface MeanRowProps {
  readonly row: CategoryMean;
  readonly isStop: boolean;
  readonly isTaken: boolean;
  readonly isDimmed: boolean;
  readonly onPress: () => void;
}

function MeanRow({ row, isStop, isTaken, isDimmed, onPress }: MeanRowProps): JSX.Element {
  const [kept = Number.NaN, shift = Number.NaN] = row.means;
  return (
    <tr data-row data-dimmed={isDimmed}>
      <th scope="row">
        <button
          type="button"
          class="link"
          tabIndex={isStop ? 0 : -1}
          aria-pressed={isTaken}
          title="Click to show only these"
          onClick={onPress}
        >
          {row.name}
        </button>
      </th>
      <td class="number">{count(row.n)}</td>
      <td class="number is-share" style={{ "--share": `${100 * kept}%` }}>
        {percent(kept)}
      </td>
      <td class="number">{shift.toFixed(2)}</td>
    </tr>
  );
}

/** A part of a column, asked for where it has not come yet. */
function usePart<Part extends "codes" | "numbers">(column: Column, part: Part) {
  const store = useStore();
  const { index, made_by } = column;
  const id = useSelect((state) => shownDataset(state)?.info.id ?? "");
  const found = useSelect(
    (state) => shownDataset(state)?.columns[index]?.[part] ?? null,
    [index, part],
  );
  useEffect(() => {
    if (!found) store.request({ kind: "load-column", column: index, what: part });
  }, [store, found, id, index, made_by, part]);
  return found;
}
