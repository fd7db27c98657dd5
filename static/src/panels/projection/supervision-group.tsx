/** Labels that take part in the layout: which column, how much, and which value means unknown. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { currentValue, type Parameter, type Params } from "../../model/projection/method";
import {
  groupingColumns,
  IGNORED_LABEL,
  SUPERVISE_BY,
  SUPERVISE_WEIGHT,
  superviseBy,
  supervisionNote,
} from "../../model/projection/supervision";
import { setParameter } from "../../store/actions/projection";
import { shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Select } from "../controls/select";
import { Slider } from "../controls/slider";

const NO_PARAMS: Params = {};
const NO_NAMES: readonly string[] = [];

export interface LabelsProps {
  readonly method: string;
  readonly parameters: readonly Parameter[];
}

export function LabelsGroup({ method, parameters }: LabelsProps): JSX.Element | null {
  const draft = useSelect(({ view }) => view.drafts[method] ?? NO_PARAMS, [method]);
  const info = useSelect((state) => shownDataset(state)?.info ?? null);
  const columns = groupingColumns(info?.columns ?? [], info?.n_points ?? 0);
  const note = supervisionNote(draft);
  const by = parameters.find(({ name }) => name === SUPERVISE_BY);
  if (!by || (columns.length === 0 && note === "")) return null;
  const column = currentValue(by, draft);
  return (
    <details class="advanced" key={`labels ${method}`}>
      <summary>
        Use labels
        {/* What is on must be seen while the group is folded. */}
        {note !== "" && <span class="summary-note">{note}</span>}
      </summary>
      <div class="stack">
        <ColumnChoice
          parameter={by}
          draft={draft}
          names={columns.map(({ name }) => name)}
          value={column === null ? "" : String(column)}
        />
        {column !== null && (
          <>
            <Weight draft={draft} />
            <IgnoredLabel
              draft={draft}
              column={String(column)}
              help={parameters.find(({ name }) => name === IGNORED_LABEL)?.help ?? ""}
            />
            <p class="hint">
              Neighbors with another {column} are moved away: groups part more clearly than the
              vectors alone part them.
            </p>
          </>
        )}
      </div>
    </details>
  );
}

interface ColumnChoiceProps {
  readonly parameter: Parameter;
  readonly draft: Params;
  readonly names: readonly string[];
  readonly value: string;
}

function ColumnChoice({ parameter, draft, names, value }: ColumnChoiceProps): JSX.Element {
  const store = useStore();
  const offered = value === "" || names.includes(value) ? names : [value, ...names];
  return (
    <Select
      name={SUPERVISE_BY}
      value={value}
      title={parameter.help}
      onChange={(next) => {
        const changes = superviseBy(draft, next === "" ? null : next);
        for (const [name, set] of Object.entries(changes)) store.dispatch(setParameter(name, set));
      }}
    >
      <option value="">none</option>
      {offered.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}

function Weight({ draft }: { readonly draft: Params }): JSX.Element {
  const store = useStore();
  return (
    <Slider
      name="weight"
      value={Number(draft[SUPERVISE_WEIGHT] ?? 0)}
      low={0}
      high={1}
      step={0.05}
      normal={0.5}
      format={(value) => value.toFixed(2)}
      onChange={(value) => store.dispatch(setParameter(SUPERVISE_WEIGHT, value))}
    />
  );
}

interface IgnoredProps {
  readonly draft: Params;
  readonly column: string;
  readonly help: string;
}

function IgnoredLabel({ draft, column, help }: IgnoredProps): JSX.Element {
  const store = useStore();
  const index = useSelect(
    (state) => shownDataset(state)?.info.columns.find(({ name }) => name === column)?.index ?? null,
    [column],
  );
  const names = useSelect(
    (state) => shownDataset(state)?.columns[index ?? -1]?.codes?.categories.names ?? NO_NAMES,
    [index],
  );
  useEffect(() => {
    if (index !== null) store.request({ kind: "load-column", column: index, what: "codes" });
  }, [store, index]);
  const value = String(draft[IGNORED_LABEL] ?? "");
  const offered = value === "" || names.includes(value) ? names : [value, ...names];
  return (
    <Select
      name={IGNORED_LABEL}
      value={value}
      title={help}
      onChange={(next) => store.dispatch(setParameter(IGNORED_LABEL, next === "" ? null : next))}
    >
      <option value="">none</option>
      {offered
        .filter((name) => name !== "")
        .map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
    </Select>
  );
}
