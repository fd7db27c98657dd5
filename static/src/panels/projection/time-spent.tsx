/** Where the time of a projection went: its phases on the server, and the frames of this page. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { fileSize } from "../../model/data/file-drop";
import { compact, count } from "../../model/text/format";
import type { FrameSummary } from "../../model/view/frame-times";
import { requestedProjection } from "../../store/selectors/request";
import { usePanel, useSelect } from "../context";

export function TimeSpent(): JSX.Element | null {
  const { frames } = usePanel();
  const [drawn, setDrawn] = useState<FrameSummary | null>(null);
  const details = useSelect((state) => {
    const projection = requestedProjection(state);
    return projection?.state === "done" ? projection.details : null;
  });
  if (!details?.phases) return null;
  const { phases, memory_bytes: memory = 0, n_threads: threads = 1 } = details;
  const longest = Math.max(...phases.map(({ seconds }) => seconds), 1e-9);
  const onToggle = () => setDrawn(frames?.summary() ?? null);
  return (
    <details class="advanced" onToggle={onToggle}>
      <summary>Where the time went</summary>
      <table class="time-spent">
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col" aria-label="Share of the longest" />
            <th scope="col">Time</th>
            <th scope="col">Cores</th>
          </tr>
        </thead>
        <tbody>
          {phases.map(({ phase, seconds, processor_seconds }) => (
            <tr key={phase}>
              <th scope="row">{phase}</th>
              <td class="time-bar">
                <span class="time-length" style={{ width: `${(100 * seconds) / longest}%` }} />
              </td>
              <td class="number">{inSeconds(seconds)}</td>
              <td class="number">
                {seconds < 0.005 ? "–" : (processor_seconds / seconds).toFixed(1)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">
        {threads === 1 ? "1 core" : `${count(threads)} cores`}, {fileSize(memory)} at most.
        {drawn &&
          ` This page drew its last ${count(drawn.nFrames)} frames in ${compact(drawn.median, 2)} ms each, ${compact(drawn.longest, 2)} ms at most, without the graphics card.`}
      </p>
    </details>
  );
}

function inSeconds(seconds: number): string {
  return seconds < 0.0005 ? "0 s" : `${compact(seconds, seconds < 10 ? 2 : 3)} s`;
}
