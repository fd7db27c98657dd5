/** A set of points as a parameter: typed, or taken from what is selected or found. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Parameter, ParameterValue } from "../../model/projection/method";
import {
  formatPoints,
  type PointSet,
  parsePoints,
  rowsOf,
} from "../../model/projection/point-ranges";
import { counted } from "../../model/text/format";
import { select } from "../../store/actions/selection";
import { selection, shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";
import { usePointLabel } from "../points/point-label";

/** A longer text is a wall of digits; its size says more. */
const MAX_TYPED = 16;

export interface PointsControlProps {
  readonly parameter: Parameter;
  readonly value: ParameterValue;
  readonly onChange: (value: ParameterValue) => void;
}

export function PointsControl({ parameter, value, onChange }: PointsControlProps): JSX.Element {
  const id = useId();
  const [isTyping, setIsTyping] = useState(false);
  const nPoints = useSelect((state) => shownDataset(state)?.info.n_points ?? null);
  const text = value === null ? "" : String(value);
  const parsed = parsePoints(text, nPoints);
  const problem = "message" in parsed ? parsed.message : null;
  const title = titleOf(parameter);
  const set = (next: string) => onChange(next === "" ? null : next);
  return (
    <div class="field is-points" title={parameter.help}>
      <label class="field-name" for={id}>
        {title}
      </label>
      <div class="value-field">
        {"set" in parsed && text.length > MAX_TYPED && !isTyping ? (
          <SetButton id={id} title={title} set={parsed.set} />
        ) : (
          <input
            id={id}
            type="text"
            class="input"
            autoComplete="off"
            placeholder={parameter.unset}
            value={text}
            aria-invalid={problem !== null}
            {...(problem && { "aria-describedby": `${id}-problem` })}
            onFocus={() => setIsTyping(true)}
            onBlur={() => setIsTyping(false)}
            onInput={({ currentTarget }) => set(currentTarget.value)}
          />
        )}
        <Sources title={title} unset={parameter.unset} isSet={text !== ""} onSet={set} />
      </div>
      {problem && (
        <p class="inline-error" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

interface SetButtonProps {
  readonly id: string;
  readonly title: string;
  readonly set: PointSet;
}

/** The name of a single point, or how many there are; a click selects them. */
function SetButton({ id, title, set }: SetButtonProps): JSX.Element {
  const store = useStore();
  const first = set.ranges[0]?.[0] ?? 0;
  const label = usePointLabel(first);
  const size = counted(set.count, "point");
  return (
    <button
      id={id}
      type="button"
      class="points-size"
      title="Select these points"
      aria-label={`${title}: ${size}`}
      onClick={() => store.dispatch(select(rowsOf(set)))}
    >
      {set.count === 1 ? label : size}
    </button>
  );
}

interface SourcesProps {
  readonly title: string;
  readonly unset: string;
  readonly isSet: boolean;
  readonly onSet: (text: string) => void;
}

/** Where points can be taken from. */
function Sources({ title, unset, isSet, onSet }: SourcesProps): JSX.Element {
  const rows = useSelect(selection);
  const found = useSelect(({ attention }) => attention.search.rows.value);
  return (
    <>
      <IconButton
        icon="target"
        name={`${title}: use the selection`}
        isDisabled={rows.length === 0}
        onPress={() => onSet(formatPoints(rows))}
      />
      {found && found.length > 0 && (
        <IconButton
          icon="search"
          name={`${title}: use the search results`}
          onPress={() => onSet(formatPoints(found))}
        />
      )}
      {isSet && (
        <IconButton icon="close" name={`${title}: reset to ${unset}`} onPress={() => onSet("")} />
      )}
    </>
  );
}

/** "x_from" → "X from". */
function titleOf({ name }: Parameter): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
}
