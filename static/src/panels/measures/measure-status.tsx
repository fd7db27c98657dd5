/** How far a measure is, and why there is none. */
import type { JSX } from "preact";
import type { Measurement, MeasureName } from "../../model/data/measurement";
import { shareDone } from "../../model/data/work";
import { count } from "../../model/text/format";
import { useOffered, useStore } from "../context";
import { ProgressBar } from "../controls/progress-bar";

export interface MeasureStatusProps {
  readonly what: MeasureName;
  readonly measurement: Measurement<unknown> | undefined;
  /** What is done, as it reads before a colon. */
  readonly title: string;
  /** Asks for it again. */
  readonly onRetry: () => void;
}

/** Nothing once it is done. */
export function MeasureStatus(props: MeasureStatusProps): JSX.Element | null {
  const { what, measurement, title, onRetry } = props;
  const store = useStore();
  const canStop = useOffered("stop-measure");
  if (!measurement || measurement.status === "done") return null;
  const { status, phase, done, total, message } = measurement;
  if (status === "working") {
    return (
      <div class="measure-status">
        <ProgressBar
          title={`${title}: ${phase === "" ? "waiting" : phase}`}
          amount={total > 0 ? `${count(done)} / ${count(total)}` : null}
          share={shareDone(measurement)}
        />
        {canStop && (
          <button
            type="button"
            class="button"
            onClick={() => store.request({ kind: "stop-measure", what })}
          >
            Stop
          </button>
        )}
      </div>
    );
  }
  return (
    <div class="measure-status">
      <p class={status === "failed" ? "inline-error" : "hint"} role="status">
        {status === "failed" ? message : `${title}: stopped.`}
      </p>
      <button type="button" class="button" onClick={onRetry}>
        {status === "failed" ? "Try again" : "Go on"}
      </button>
    </div>
  );
}
