/** The projections that were computed of this dataset: one click shows each again. */
import type { JSX } from "preact";
import {
  findMethod,
  type Method,
  N_COMPONENTS,
  withoutDefaults,
} from "../../model/projection/method";
import type { Projection } from "../../model/projection/projection";
import { MOST_VIEWS } from "../../model/view/view";
import { compareWithLast, showProjection } from "../../store/actions/projection";
import { showBeside } from "../../store/actions/views";
import { methodsOf } from "../../store/selectors/listing";
import { isTwin } from "../../store/selectors/quality";
import { requestedDatasetId, requestedProjection } from "../../store/selectors/request";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";

const NO_METHODS: readonly Method[] = [];

export function ProjectionHistory(): JSX.Element | null {
  const store = useStore();
  const projections = useSelect(({ work }) => work.projections);
  const dataset = useSelect(requestedDatasetId);
  const methods = useSelect(methodsOf) ?? NO_METHODS;
  const current = useSelect((state) => requestedProjection(state)?.id ?? null);
  const quality = useSelect((state) => state.quality);
  const canSplit = useSelect(({ views }) => views.order.length < MOST_VIEWS);
  const hasLast = useSelect(({ work }) => work.before !== null);
  const done = Object.values(projections).filter(
    (each) => each.state === "done" && each.dataset === dataset && !isTwin(quality, each.id),
  );
  if (done.length < 2 && !hasLast) return null;
  return (
    <details class="advanced">
      <summary>Previous projections ({done.length})</summary>
      <ul class="history">
        {done.map((each) => (
          <li key={each.id}>
            <button
              type="button"
              class="history-entry"
              aria-pressed={each.id === current}
              onClick={() => store.dispatch(showProjection(each))}
            >
              {projectionName(each, methods)}
              {quality.modified[each.id] && " · modified"}
            </button>
            {each.id !== current && canSplit && (
              <IconButton
                icon="compare"
                name={`Show beside: ${projectionName(each, methods)}`}
                onPress={() => store.dispatch(showBeside(each))}
              />
            )}
          </li>
        ))}
      </ul>
      {hasLast && (
        <button
          type="button"
          class="button"
          title="Switch between this projection and the previous one (C)"
          onClick={() => store.dispatch(compareWithLast())}
        >
          <Icon name="compare" />
          Compare with previous
        </button>
      )}
    </details>
  );
}

/** "UMAP 2D · n_neighbors 30" */
function projectionName(projection: Projection, methods: readonly Method[]): string {
  const method = findMethod(methods, projection.method);
  const { [N_COMPONENTS]: dims, ...params } = withoutDefaults(method, projection.params);
  const settings = Object.entries(params).map(([name, value]) => `${name} ${value}`);
  const flat = projection.n_kept > 0 ? "" : ` ${Number(dims ?? projection.n_components)}D`;
  return [`${method?.title ?? projection.method}${flat}`, ...settings].join(" · ");
}
