/** An end of an axis: a set of points, typed or taken from what is selected or found. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { currentValue, type Parameter } from "../../model/projection/method";
import { formatPoints, parsePoints, rowsOf } from "../../model/projection/point-ranges";
import { counted } from "../../model/text/format";
import { setParameter } from "../../store/actions/projection";
import { select } from "../../store/actions/selection";
import { pointLabel, selection, shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";

/** A longer text is a wall of digits; its size says more. */
const MAX_TYPED = 16;

export function PointSetControl({ parameter }: { readonly parameter: Parameter }): JSX.Element {
  const store = useStore();
  const id = useId();
  const [isTyping, setIsTyping] = useState(false);
  const nPoints = useSelect((state) => shownDataset(state)?.info.n_points ?? null);
  const rows = useSelect(selection);
  const found = useSelect(({ attention }) => attention.search.rows.value);
  const value = useSelect(
    ({ view }) => currentValue(parameter, view.drafts[view.method] ?? {}),
    [parameter],
  );
  const text = value === null ? "" : String(value);
  const parsed = parsePoints(text, nPoints);
  const problem = "message" in parsed ? parsed.message : null;
  const isLong = text.length > MAX_TYPED && !problem && !isTyping;
  const title = titleOf(parameter);
  const set = (next: string) =>
    store.dispatch(setParameter(parameter.name, next === "" ? null : next));
  return (
    <div class="field is-point-set" title={parameter.help}>
      <label class="field-name" for={id}>
        {title}
      </label>
      <div class="value-field">
        {isLong ? (
          <button
            id={id}
            type="button"
            class="set-size"
            title="Select these points"
            aria-label={`${title}: ${"set" in parsed ? counted(parsed.set.count, "point") : ""}`}
            onClick={() => "set" in parsed && store.dispatch(select(rowsOf(parsed.set)))}
          >
            {"set" in parsed && (
              <SetName count={parsed.set.count} first={parsed.set.ranges[0]?.[0]} />
            )}
          </button>
        ) : (
          <input
            id={id}
            type="text"
            class="input"
            autoComplete="off"
            placeholder="all points"
            value={text}
            aria-invalid={problem !== null}
            {...(problem && { "aria-describedby": `${id}-problem` })}
            onFocus={() => setIsTyping(true)}
            onBlur={() => setIsTyping(false)}
            onInput={({ currentTarget }) => set(currentTarget.value)}
          />
        )}
        <IconButton
          icon="target"
          name={`${title}: from the selection`}
          isDisabled={rows.length === 0}
          onPress={() => set(formatPoints(rows))}
        />
        {found && found.length > 0 && (
          <IconButton
            icon="search"
            name={`${title}: from the search`}
            onPress={() => set(formatPoints(found))}
          />
        )}
        {text !== "" && (
          <IconButton icon="close" name={`${title}: all points`} onPress={() => set("")} />
        )}
      </div>
      {problem && (
        <p class="inline-error" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

interface SetNameProps {
  readonly count: number;
  readonly first: number | undefined;
}

function SetName({ count, first }: SetNameProps): JSX.Element {
  const label = useSelect((state) => pointLabel(state, first ?? 0), [first]);
  return <>{count === 1 ? label : counted(count, "point")}</>;
}

/** "x_from" → "X from"../. */
function titleOf({ name }: Parameter): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replace("_", " ");
}
