/** While nothing is selected: what this is, what would show more, and what can be tried. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { isEqual } from "../../model/data/equality";
import { selectionOf } from "../../model/view/selection";
import { askNearness } from "../../store/actions/checks";
import { openInspector } from "../../store/actions/page";
import { openMethod } from "../../store/actions/projection";
import { select } from "../../store/actions/selection";
import { setSetting } from "../../store/actions/view";
import {
  type Example,
  examples,
  introduction,
  suggestion,
} from "../../store/selectors/first-minute";
import { shownDataset } from "../../store/selectors/shown";
import type { Store } from "../../store/store";
import { useSelect, useStore } from "../context";
import { useNames } from "../points/point-label";

export function FirstMinute(): JSX.Element | null {
  const about = useSelect(introduction, [], isEqual);
  if (!about) return null;
  return (
    <div class="first-minute">
      <p>
        {about.what} {about.why}
      </p>
      <Suggestion />
      <Examples />
    </div>
  );
}

function Suggestion(): JSX.Element | null {
  const store = useStore();
  const found = useSelect(suggestion, [], isEqual);
  const isTimed = useSelect((state) => shownDataset(state)?.estimates !== undefined);
  const isWanted = found !== null && !isTimed;
  useEffect(() => {
    if (isWanted) store.request({ kind: "load-estimates" });
  }, [store, isWanted]);
  if (!found) return null;
  return (
    <p class="first-suggestion">
      {found.text}{" "}
      <button
        type="button"
        class="link"
        onClick={() => {
          store.dispatch(openMethod(found.method));
          store.request({ kind: "run" });
        }}
      >
        Try {found.title}
      </button>
    </p>
  );
}

function Examples(): JSX.Element | null {
  const store = useStore();
  const found = useSelect(examples, [], isEqual);
  useNames(found.flatMap((each) => (each.kind === "point" ? [each.row] : [])));
  if (found.length === 0) return null;
  return (
    <ul class="first-examples" aria-label="Examples to try">
      {found.map((each) => (
        <li key={each.kind}>
          <button type="button" class="link" onClick={() => tryOut(store, each)}>
            {each.text}
          </button>
        </li>
      ))}
    </ul>
  );
}

function tryOut(store: Store, example: Example): void {
  if (example.kind === "where") {
    store.dispatch(setSetting("where", example.where));
  } else if (example.kind === "point") {
    store.dispatch(select(selectionOf([example.row])));
    store.request({ kind: "fly", indices: [example.row] });
  } else if (example.kind === "checks") {
    store.dispatch(openInspector("checks"));
    store.dispatch(askNearness());
  } else {
    const codes = shownDataset(store.state.peek())?.columns[example.column]?.codes?.codes;
    const rows: number[] = [];
    codes?.forEach((code, row) => {
      if (code === example.rank) rows.push(row);
    });
    store.dispatch(select(Uint32Array.from(rows)));
  }
}
