/** Parameters and actions of a running method, and the note that a projection was modified. */
import type { JSX } from "preact";
import type { Method } from "../../model/projection/method";
import { liveNames, updatable } from "../../store/selectors/live-parameters";
import { isModified } from "../../store/selectors/quality";
import { useSelect, useStore } from "../context";
import { ParameterControl } from "./parameter-control";

export function LiveParameters({ method }: { readonly method: Method }): JSX.Element | null {
  const live = useSelect(liveNames);
  const isUpdatable = useSelect((state) => updatable(state) !== null);
  if (!isUpdatable) return null;
  const declared = method.parameters.filter((each) => live.includes(each.name));
  const above = declared.filter(({ advanced }) => !advanced).map(({ name }) => name);
  return (
    <fieldset class="stack live" aria-label="Live parameters">
      {declared.length > 0 && (
        <p class="hint">
          Changes to these{above.length > 0 && `, and to ${above.join(", ")} above,`} apply
          immediately:
        </p>
      )}
      {declared
        .filter(({ advanced }) => advanced)
        .map((each) => (
          <ParameterControl
            key={`live ${method.name}.${each.name}`}
            parameter={each}
            withSlider={true}
          />
        ))}
      <Actions method={method} />
    </fieldset>
  );
}

function Actions({ method: { actions } }: { readonly method: Method }): JSX.Element {
  const store = useStore();
  return (
    <>
      {actions.map(({ name, title, help }) => (
        <button
          key={name}
          type="button"
          class="button"
          title={help}
          onClick={() => store.request({ kind: "run-action", action: name })}
        >
          {title}
        </button>
      ))}
    </>
  );
}

export function ModifiedNote(): JSX.Element | null {
  const isChanged = useSelect(isModified);
  if (!isChanged) return null;
  return (
    <p class="inline-warning">
      Parameters were changed during this run, so it cannot be reproduced from its settings.
    </p>
  );
}
