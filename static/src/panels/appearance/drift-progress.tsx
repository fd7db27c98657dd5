/** The work on the comparison of two views. */
import type { JSX } from "preact";
import { shareDone } from "../../model/data/work";
import { count } from "../../model/text/format";
import { driftTitle } from "../../store/selectors/views";
import { useOffered, useSelect, useStore } from "../context";
import { ProgressBar } from "../controls/progress-bar";

export function DriftProgress(): JSX.Element | null {
  const store = useStore();
  const drift = useSelect((state) => (state.drift?.status === "working" ? state.drift : null));
  const canStop = useOffered("stop-drift");
  const title = useSelect(
    (state) => driftTitle(state, drift?.from ?? "", drift?.to ?? ""),
    [drift?.from, drift?.to],
  );
  if (!drift) return null;
  const { phase, done, total } = drift;
  return (
    <div class="cluster-search">
      <ProgressBar
        title={`${title}: ${phase === "" ? "waiting" : phase}`}
        amount={total > 0 ? `${count(done)} / ${count(total)}` : null}
        share={shareDone(drift)}
      />
      {canStop && (
        <button type="button" class="button" onClick={() => store.request({ kind: "stop-drift" })}>
          Stop
        </button>
      )}
    </div>
  );
}
