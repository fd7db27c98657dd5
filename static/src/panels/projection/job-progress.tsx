/** The progress of the requested projection, and its details once it is done. */

import type { JSX } from "preact";
import { isWorking, shareDone } from "../../model/data/work";
import {
  type Details,
  type Projection,
  warningsOf,
  workTitle,
} from "../../model/projection/projection";
import { compact, count, duration } from "../../model/text/format";
import { requestedProjection } from "../../store/selectors/request";
import { useSelect } from "../context";
import { ProgressBar } from "../controls/progress-bar";

export function WorkProgress(): JSX.Element | null {
  const projection = useSelect(requestedProjection);
  if (!projection) return null;
  return isWorking(projection) ? (
    <Running projection={projection} />
  ) : (
    <Found projection={projection} />
  );
}

function Running({ projection }: { readonly projection: Projection }): JSX.Element {
  const { done, total, paused, remaining_seconds } = projection;
  return (
    <ProgressBar
      title={workTitle(projection)}
      amount={total > 0 ? `${count(done)} / ${count(total)}` : null}
      share={shareDone(projection)}
    >
      <div class="progress-foot">
        {remaining_seconds !== null && !paused ? `${duration(remaining_seconds)} left` : "\u00a0"}
      </div>
    </ProgressBar>
  );
}

/**
 * The details that get a line; explained variance has a place of its own. A format that answers
 * null leaves the line out.
 */
const DETAILS: readonly {
  readonly key: keyof Details;
  readonly title: string;
  readonly format: (value: number, details: Details) => string | null;
}[] = [
  { key: "kl_divergence", title: "KL divergence", format: (value) => compact(value, 3) },
  { key: "recall", title: "Neighbor recall", format: recallText },
  { key: "seconds", title: "Computed in", format: (value) => (value < 1 ? null : duration(value)) },
];

function recallText(recall: number, { recall_error: error = 0 }: Details): string {
  const percent = (share: number, digits: number): string => `${compact(share * 100, digits)} %`;
  return error > 0 ? `${percent(recall, 3)} ± ${percent(error, 2)}` : percent(recall, 3);
}

function Found({ projection }: { readonly projection: Projection }): JSX.Element | null {
  if (projection.state !== "done") return null;
  const lines = DETAILS.flatMap(({ key, title, format }) => {
    const value = projection.details[key];
    const text = typeof value === "number" ? format(value, projection.details) : null;
    return text === null ? [] : [{ title, text }];
  });
  const warnings = warningsOf(projection);
  if (lines.length === 0 && warnings.length === 0) return null;
  return (
    <>
      {lines.length > 0 && (
        <dl class="facts">
          {lines.map(({ title, text }) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
      {warnings.map((warning) => (
        <p key={warning} class="inline-warning">
          {warning}
        </p>
      ))}
    </>
  );
}
