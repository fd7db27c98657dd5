/** The quality of the projection: four scores, each compared with PCA and random positions. */

import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { isWorking, shareDone } from "../../model/data/work";
import { placeInLine } from "../../model/projection/projection";
import {
  barShare,
  MAX_UNASKED_POINTS,
  MIN_MEASURED_POINTS,
  type Quality,
  type QualitySummary,
  SCORES,
  type Score,
  scoreRef,
  scoreText,
  scoreWords,
} from "../../model/projection/quality";
import { count, percent } from "../../model/text/format";
import { setSetting } from "../../store/actions/view";
import {
  coloredScore,
  finishedProjection,
  shownQuality,
  showsLeading,
} from "../../store/selectors/quality";
import { useSelect, useStore } from "../context";
import { ProgressBar } from "../controls/progress-bar";

export function QualityPanel(): JSX.Element | null {
  const projection = useSelect(finishedProjection);
  const quality = useSelect(shownQuality);
  const isOpenMethod = useSelect(({ view, work }) => view.method === work.shown?.method);
  if (!projection || !isOpenMethod) return null;
  if (projection.n_points < MIN_MEASURED_POINTS) {
    return <p class="hint">Quality needs at least {MIN_MEASURED_POINTS} points.</p>;
  }
  const isUnasked = projection.n_points <= MAX_UNASKED_POINTS;
  return (
    <section class={`quality${isUnasked ? " is-sure" : ""}`} aria-label="Quality">
      {quality?.summary ? (
        <Scores summary={quality.summary} nPoints={projection.n_points} />
      ) : isWorking(quality) && quality ? (
        <Measuring quality={quality} />
      ) : (
        <AskToMeasure projection={projection.id} quality={quality} />
      )}
    </section>
  );
}

interface AskProps {
  readonly projection: string;
  readonly quality: Quality | null;
}

function AskToMeasure({ projection, quality }: AskProps): JSX.Element {
  const store = useStore();
  const failure = useSelect(({ quality }) => quality.failures[projection] ?? null, [projection]);
  const problem = quality?.error?.message ?? failure;
  return (
    <>
      <button
        type="button"
        class="button is-quiet"
        title="Compare neighbors in the plot with neighbors in the original space"
        onClick={() => store.request({ kind: "measure-quality" })}
      >
        Measure quality
      </button>
      {problem && <p class="inline-error">{problem}</p>}
    </>
  );
}

function Measuring({ quality }: { readonly quality: Quality }): JSX.Element {
  const share = shareDone(quality);
  const place = quality.state === "queued" ? ` (waiting: ${placeInLine(quality.ahead)})` : "";
  return (
    <ProgressBar
      title={`Measuring quality${place}`}
      name="Measuring quality"
      amount={share === null ? null : percent(share).replace(/\.\d/, "")}
      share={share}
    />
  );
}

interface ScoresProps {
  readonly summary: QualitySummary;
  readonly nPoints: number;
}

function Scores({ summary, nPoints }: ScoresProps): JSX.Element {
  const [pointed, setPointed] = useState<Score | null>(null);
  const isLeading = useSelect(showsLeading);
  const id = useId();
  return (
    <>
      <div class="quality-head">
        <span>Quality</span>
        <span class="quality-key" aria-hidden="true">
          <i class="quality-bar is-this" /> this <i class="quality-bar is-pca" /> PCA{" "}
          <i class="quality-bar is-random" /> random
        </span>
      </div>
      <ul class="quality-rows" onPointerLeave={() => setPointed(null)}>
        {SCORES.map((score) => (
          <ScoreRow
            key={score}
            score={score}
            summary={summary}
            describedBy={`${id}-meaning`}
            onPoint={setPointed}
          />
        ))}
      </ul>
      {/* Room is kept for the longest, so that nothing below jumps under the pointer. */}
      <p class="hint quality-meaning" id={`${id}-meaning`}>
        {pointed
          ? scoreWords(pointed, summary.k).meaning
          : `Scores over each point's ${summary.k} nearest neighbors; 1 is perfect. Click a score to color by it.`}
      </p>
      {!isLeading && (
        <p class="inline-warning">These scores are of the first components, which are not shown.</p>
      )}
      {summary.n_reference < nPoints && (
        <p class="hint">
          Ranks were computed against a sample of {count(summary.n_reference)} of {count(nPoints)}{" "}
          points.
        </p>
      )}
      {summary.warnings.map((warning) => (
        <p key={warning} class="inline-warning">
          {warning}
        </p>
      ))}
    </>
  );
}

interface ScoreRowProps {
  readonly score: Score;
  readonly summary: QualitySummary;
  readonly describedBy: string;
  readonly onPoint: (score: Score | null) => void;
}

function ScoreRow({ score, summary, describedBy, onPoint }: ScoreRowProps): JSX.Element {
  const store = useStore();
  const isColored = useSelect((state) => coloredScore(state) === score, [score]);
  const { title } = scoreWords(score, summary.k);
  const { pca, random } = summary.baselines;
  const bars = [
    { kind: "this", value: summary[score] },
    { kind: "pca", value: pca[score] },
    { kind: "random", value: random[score] },
  ];
  return (
    <li>
      <button
        type="button"
        class="quality-row"
        aria-label={`${title} ${scoreText(summary[score])}, PCA ${scoreText(pca[score])}, random ${scoreText(random[score])}`}
        aria-describedby={describedBy}
        aria-pressed={isColored}
        onPointerEnter={() => onPoint(score)}
        onFocus={() => onPoint(score)}
        onBlur={() => onPoint(null)}
        onClick={() => store.dispatch(setSetting("color", isColored ? undefined : scoreRef(score)))}
      >
        <span class="quality-name">{title}</span>{" "}
        <span class="quality-bars">
          {bars.map(({ kind, value }) => (
            <i
              key={kind}
              class={`quality-bar is-${kind}`}
              style={{ width: `${barShare(value)}%` }}
              title={`${kind === "pca" ? "PCA" : kind}: ${scoreText(value)}`}
            />
          ))}
        </span>
        <span class="number">{scoreText(summary[score])}</span>
      </button>
    </li>
  );
}
