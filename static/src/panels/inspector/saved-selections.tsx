/** Saved selections: one click selects, the others combine (or, and, not). */
import type { JSX } from "preact";
import { count } from "../../model/text/format";
import type { NamedSelection } from "../../model/view/named-selection";
import type { SelectMode } from "../../model/view/selection";
import { forgetSelection, renameSelection, select } from "../../store/actions/selection";
import { useSelect, useStore } from "../context";
import type { IconName } from "../controls/icon";
import { IconButton } from "../controls/icon-button";
import { NameField } from "../controls/name-field";

const COMBINATIONS: readonly {
  readonly mode: SelectMode;
  readonly icon: IconName;
  readonly name: (saved: string) => string;
}[] = [
  { mode: "add", icon: "union", name: (saved) => `Add ${saved} to the selection` },
  {
    mode: "intersect",
    icon: "intersect",
    name: (saved) => `Intersect the selection with ${saved}`,
  },
  { mode: "subtract", icon: "subtract", name: (saved) => `Subtract ${saved} from the selection` },
];

export function SavedSelections(): JSX.Element | null {
  const named = useSelect(({ attention }) => attention.named);
  if (named.length === 0) return null;
  return (
    <section class="saved" aria-label="Saved selections">
      <div class="section-head">
        <h3 class="section-title">Saved selections</h3>
      </div>
      <ul class="saved-list">
        {named.map((each) => (
          <Saved key={each.id} saved={each} />
        ))}
      </ul>
    </section>
  );
}

function Saved({ saved: { id, name, rows } }: { readonly saved: NamedSelection }): JSX.Element {
  const store = useStore();
  return (
    <li class="saved-row">
      <NameField value={name} onChange={(next) => store.dispatch(renameSelection(id, next))} />
      <button
        type="button"
        class="link number"
        aria-label={`Select ${name}, ${count(rows.length)} points`}
        title="Select these points"
        onClick={() => store.dispatch(select(rows))}
      >
        {count(rows.length)}
      </button>
      {COMBINATIONS.map((each) => (
        <IconButton
          key={each.mode}
          icon={each.icon}
          name={each.name(name)}
          onPress={() => store.dispatch(select(rows, each.mode))}
        />
      ))}
      <IconButton
        icon="close"
        name={`Delete ${name}`}
        onPress={() => store.dispatch(forgetSelection(id))}
      />
    </li>
  );
}
