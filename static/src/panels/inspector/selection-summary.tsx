/** What a selection is: where it differs from the others, its quality, its images. */
import type { JSX } from "preact";
import {
  type Contrast,
  type Difference,
  liftText,
  rankText,
  shareText,
  toldValues,
} from "../../model/data/contrast";
import type { Column } from "../../model/data/dataset";
import { isEqual } from "../../model/data/equality";
import { scoreText, scoreWords } from "../../model/projection/quality";
import { columnValue, count, counted } from "../../model/text/format";
import { compareWith } from "../../store/actions/summary";
import { shownQuality } from "../../store/selectors/quality";
import { selection, shownDataset } from "../../store/selectors/shown";
import { comparedWith, scoresOfRows } from "../../store/selectors/summary";
import { useSelect, useStore } from "../context";
import { ContactSheet } from "../points/contact-sheet";

/** Values of a column that are listed. */
const MOST_VALUES = 5;
/** Columns whose difference is spelled out. */
const MOST_COLUMNS = 8;
const REST = "rest";
const NO_COLUMNS: readonly Column[] = [];

export function SelectionSummary(): JSX.Element {
  const rows = useSelect(selection);
  const { value, isLoading, error } = useSelect(({ summary }) => summary.answer);
  return (
    // It scrolls, so the keyboard must be able to reach it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section class="summary" aria-label="Summary" aria-busy={isLoading} tabIndex={0}>
      <Against />
      {error && <p class="inline-error">{error}</p>}
      {value && <Differences found={value} />}
      <Quality />
      <ContactSheet name="Images of the selection" rows={rows} />
    </section>
  );
}

/** How much of all it is, and what it is compared with. */
function Against(): JSX.Element {
  const store = useStore();
  const n = useSelect((state) => selection(state).length);
  const nPoints = useSelect((state) => shownDataset(state)?.info.n_points ?? 0);
  const named = useSelect(({ attention }) => attention.named);
  const chosen = useSelect(comparedWith);
  const both = useSelect(({ summary }) => summary.answer.value?.n_both ?? 0);
  return (
    <div class="summary-against">
      <span class="hint">{shareText(n, nPoints)} of all, against</span>
      <select
        class="select"
        aria-label="Compare the selection with"
        title="Save a selection to compare another one with it"
        value={chosen ? String(chosen.id) : REST}
        onChange={({ currentTarget: { value } }) =>
          store.dispatch(compareWith(value === REST ? null : Number(value)))
        }
      >
        <option value={REST}>all other points</option>
        {named.map(({ id, name, rows }) => (
          <option key={id} value={String(id)}>
            {`${name} (${count(rows.length)})`}
          </option>
        ))}
      </select>
      {chosen && both > 0 && <span class="hint">{counted(both, "point")} in both</span>}
    </div>
  );
}

function Differences({ found }: { readonly found: Contrast }): JSX.Element {
  const columns = useSelect((state) => shownDataset(state)?.info.columns ?? NO_COLUMNS);
  const clear = found.differences.filter(({ is_clear }) => is_clear);
  const told = clear.slice(0, MOST_COLUMNS);
  const nameOf = ({ column }: Difference) => columns[column]?.name ?? "";
  const alike = found.differences.filter((each) => !each.is_clear).map(nameOf);
  const more = clear.slice(MOST_COLUMNS).map(nameOf);
  if (found.n_other === 0) return <p class="hint">All points are selected.</p>;
  return (
    <>
      {told.map((each) => {
        const column = columns[each.column];
        return column && <Told key={each.column} difference={each} column={column} found={found} />;
      })}
      {more.length > 0 && <p class="hint">Also different: {more.join(", ")}</p>}
      {alike.length > 0 && (
        <p class="hint">
          {told.length > 0 ? "No clear difference in " : "No column differs clearly: "}
          {alike.join(", ")}
        </p>
      )}
    </>
  );
}

interface ToldProps {
  readonly difference: Difference;
  readonly column: Column;
  readonly found: Contrast;
}

function Told({ difference, column, found }: ToldProps): JSX.Element {
  if (difference.kind === "numbers") return <Numbers difference={difference} column={column} />;
  return <Shares difference={difference} column={column} found={found} />;
}

function Caption({ name, note }: { readonly name: string; readonly note: string }): JSX.Element {
  return (
    <caption>
      <span class="difference-name" title={name}>
        {name}
      </span>
      {note !== "" && <span class="hint">{note}</span>}
    </caption>
  );
}

function Numbers({ difference, column }: Omit<ToldProps, "found">): JSX.Element {
  const { median, median_other } = difference;
  return (
    <table class="difference">
      <Caption name={column.name} note={rankText(difference)} />
      <tbody>
        <tr title="Half of the points have a smaller value">
          <th scope="row">median</th>
          <td class="number">{columnValue(column, median ?? 0)}</td>
          <td class="number is-other">{columnValue(column, median_other ?? 0)}</td>
          <td class="number" />
        </tr>
      </tbody>
    </table>
  );
}

function Shares({ difference, column, found }: ToldProps): JSX.Element {
  const values = toldValues(difference, MOST_VALUES);
  return (
    <table class="difference">
      <Caption name={column.name} note={difference.kind === "words" ? "words" : ""} />
      <tbody>
        {values.map((each) => (
          <tr
            key={each.name}
            title={`${each.name}: ${count(each.n)} of ${counted(found.n, "point")} here, ${count(each.n_other)} of ${count(found.n_other)} there`}
          >
            <th scope="row">{each.name === "" ? "(empty)" : each.name}</th>
            <td class="number">{shareText(each.n, found.n)}</td>
            <td class="number is-other">{shareText(each.n_other, found.n_other)}</td>
            <td class="number">{liftText(each)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How well the picture keeps the neighborhoods of these points. */
function Quality(): JSX.Element | null {
  const rows = useSelect(selection);
  const k = useSelect((state) => shownQuality(state)?.k ?? 0);
  const scores = useSelect((state) => scoresOfRows(state, rows), [rows], isEqual);
  if (scores.length === 0) return null;
  return (
    <table class="difference is-scores">
      <Caption name="Quality" note="here, over all" />
      <tbody>
        {scores.map(({ score, mean, meanOfAll }) => {
          const { title, meaning } = scoreWords(score, k);
          return (
            <tr key={score} title={meaning}>
              <th scope="row">{title}</th>
              <td class="number">{scoreText(mean)}</td>
              <td class="number is-other">{scoreText(meanOfAll)}</td>
              <td />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
