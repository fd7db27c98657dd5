/** What can be changed while the method runs, and what is said of a picture that was. */
import type { JSX } from "preact";
import { isMomentary, PERTURB } from "../../model/projection/live-parameters";
import type { Method } from "../../model/projection/method";
import { liveNames } from "../../store/selectors/live-parameters";
import { isModified } from "../../store/selectors/quality";
import { useSelect, useStore } from "../context";
import { ParameterControl } from "./parameter-control";

export function LiveParameters({ method }: { readonly method: Method }): JSX.Element | null {
  const store = useStore();
  const live = useSelect(liveNames);
  if (live.length === 0) return null;
  const declared = method.parameters.filter((each) => live.includes(each.name));
  const above = declared.filter(({ advanced }) => !advanced).map(({ name }) => name);
  const perturb = declared.find(isMomentary);
  return (
    <fieldset class="stack live" aria-label="While it runs">
      <p class="hint">
        These act at once{above.length > 0 && `, as does ${above.join(", ")} above`}:
      </p>
      {declared
        .filter((each) => each.advanced && !isMomentary(each))
        .map((each) => (
          <ParameterControl
            key={`live ${method.name}.${each.name}`}
            // Not rare now: with its slider.
            parameter={{ ...each, advanced: false }}
          />
        ))}
      {perturb && (
        <button
          type="button"
          class="button"
          title={`Shake the points once, out of a bad layout (raises ${PERTURB} by 1)`}
          onClick={() => store.request({ kind: "perturb" })}
        >
          Perturb
        </button>
      )}
    </fieldset>
  );
}

export function ModifiedNote(): JSX.Element | null {
  const isChanged = useSelect(isModified);
  if (!isChanged) return null;
  return (
    <p class="inline-warning">
      This picture was changed while it ran: not reproducible from its parameters.
    </p>
  );
}
