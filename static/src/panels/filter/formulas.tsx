/** A filter by a condition with and, or, not; and columns that formulas give. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { setSetting } from "../../store/actions/view";
import { shownDataset } from "../../store/selectors/shown";
import { useOffered, useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";

const NO_COMPUTED: Readonly<Record<string, string>> = {};

export function WhereField(): JSX.Element {
  const store = useStore();
  const where = useSelect(({ view }) => view.where);
  const { isLoading, error } = useSelect(({ formula }) => formula.failing);
  const example = useExample();
  return (
    <div class="where" aria-busy={isLoading}>
      <div class="where-field">
        <input
          type="text"
          class="input"
          aria-label="Condition"
          title="Names of columns, numbers, &quot;texts&quot;, and, or, not, in (…), contains(column, &quot;text&quot;), missing(column), norm. Enter applies it."
          placeholder={example}
          spellcheck={false}
          autoComplete="off"
          value={where}
          aria-invalid={error !== null}
          onChange={({ currentTarget: { value } }) =>
            store.dispatch(setSetting("where", value.trim()))
          }
          onKeyDown={({ key, currentTarget: { value } }) => {
            if (key === "Enter") store.dispatch(setSetting("where", value.trim()));
          }}
        />
        {where !== "" && (
          <IconButton
            icon="close"
            name="Clear the condition"
            onPress={() => store.dispatch(setSetting("where", ""))}
          />
        )}
      </div>
      {where !== "" && error && <p class="inline-error">{error}</p>}
    </div>
  );
}

/** A condition that this data understands. */
function useExample(): string {
  return useSelect((state) => {
    const columns = shownDataset(state)?.info.columns ?? [];
    const named = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``);
    const numeric = columns.find(({ kind, is_identifier }) => kind === "numeric" && !is_identifier);
    const category = columns.find(({ kind }) => kind === "categorical");
    const parts = [
      numeric && `${named(numeric.name)} > ${Math.round(numeric.minimum ?? 0)}`,
      category && `not ${named(category.name)} == "…"`,
    ].filter((part) => part !== undefined);
    return parts.length > 0 ? parts.join(" or ") : "norm > 1";
  });
}

export function ComputedColumns(): JSX.Element | null {
  const store = useStore();
  const canCompute = useOffered("compute-column");
  const computed = useSelect((state) => shownDataset(state)?.info.computed ?? NO_COMPUTED);
  const [name, setName] = useState("");
  const [formula, setFormula] = useState("");
  if (!canCompute) return null;
  const isReady = name.trim() !== "" && formula.trim() !== "";
  return (
    <details class="computed">
      <summary>Computed columns</summary>
      <ul>
        {Object.entries(computed).map(([each, of]) => (
          <li key={each} class="computed-column">
            <span class="row-name" title={`${each} = ${of}`}>
              {each} <span class="hint">= {of}</span>
            </span>
            <IconButton
              icon="close"
              name={`Remove ${each}`}
              onPress={() => store.request({ kind: "remove-column", name: each })}
            />
          </li>
        ))}
      </ul>
      <form
        class="computed-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) store.request({ kind: "compute-column", name: name.trim(), formula });
        }}
      >
        <input
          class="input"
          aria-label="Name of the new column"
          placeholder="name"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
        <input
          class="input"
          aria-label="Formula"
          placeholder="norm, neighbor_distance, a / b …"
          spellcheck={false}
          value={formula}
          onInput={({ currentTarget }) => setFormula(currentTarget.value)}
        />
        <button type="submit" class="button" disabled={!isReady}>
          Add
        </button>
      </form>
    </details>
  );
}
