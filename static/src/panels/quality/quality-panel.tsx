/** The quality of the projection: four scores, each compared with PCA and random positions. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { shareDone } from "../../model/projection/projection";
import {
  barShare,
  FIGURES,
  type Figure,
  figureRef,
  figureWords,
  isMeasuring,
  type Quality,
  type QualitySummary,
  score,
} from "../../model/projection/quality";
import { count, percent } from "../../model/text/format";
import { colorBy } from "../../store/actions/view";
import {
  coloredFigure,
  finishedProjection,
  shownQuality,
  showsLeading,
} from "../../store/selectors/quality";
import { useSelect, useStore } from "../context";

export function QualityPanel(): JSX.Element | null {
  const projection = useSelect(finishedProjection);
  const quality = useSelect(shownQuality);
  const isOpenMethod = useSelect(({ view, work }) => view.method === work.shown?.method);
  if (!projection || !isOpenMethod) return null;
  return (
    <section class="quality" aria-label="Quality">
      {quality?.summary ? (
        <Figures summary={quality.summary} nPoints={projection.n_points} />
      ) : isMeasuring(quality) && quality ? (
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
        onClick={() => store.request({ kind: "measure-trust" })}
      >
        Measure quality
      </button>
      {problem && <p class="inline-error">{problem}</p>}
    </>
  );
}

function Measuring({ quality }: { readonly quality: Quality }): JSX.Element {
  const share = shareDone(quality);
  return (
    <div class="progress">
      <div class="progress-head">
        <span class="progress-phase">Measuring quality</span>
        {share !== null && <span class="number">{percent(share).replace(/\.\d/, "")}</span>}
      </div>
      <progress aria-label="Measuring quality" {...(share !== null && { value: share })} max={1} />
    </div>
  );
}

interface FiguresProps {
  readonly summary: QualitySummary;
  readonly nPoints: number;
}

function Figures({ summary, nPoints }: FiguresProps): JSX.Element {
  const [pointed, setPointed] = useState<Figure | null>(null);
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
        {FIGURES.map((figure) => (
          <FigureRow
            key={figure}
            figure={figure}
            summary={summary}
            describedBy={`${id}-meaning`}
            onPoint={setPointed}
          />
        ))}
      </ul>
      {/* Room is kept for the longest, so that nothing below jumps under the pointer. */}
      <p class="hint quality-meaning" id={`${id}-meaning`}>
        {pointed
          ? figureWords(pointed, summary.k).meaning
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

interface FigureRowProps {
  readonly figure: Figure;
  readonly summary: QualitySummary;
  readonly describedBy: string;
  readonly onPoint: (figure: Figure | null) => void;
}

function FigureRow({ figure, summary, describedBy, onPoint }: FigureRowProps): JSX.Element {
  const store = useStore();
  const isColored = useSelect((state) => coloredFigure(state) === figure, [figure]);
  const { title } = figureWords(figure, summary.k);
  const { pca, random } = summary.baselines;
  const bars = [
    { kind: "this", value: summary[figure] },
    { kind: "pca", value: pca[figure] },
    { kind: "random", value: random[figure] },
  ];
  return (
    <li>
      <button
        type="button"
        class="quality-row"
        aria-label={`${title} ${score(summary[figure])}, PCA ${score(pca[figure])}, random ${score(random[figure])}`}
        aria-describedby={describedBy}
        aria-pressed={isColored}
        onPointerEnter={() => onPoint(figure)}
        onFocus={() => onPoint(figure)}
        onBlur={() => onPoint(null)}
        onClick={() => store.dispatch(colorBy(isColored ? undefined : figureRef(figure)))}
      >
        <span class="quality-name">{title}</span>{" "}
        <span class="quality-bars">
          {bars.map(({ kind, value }) => (
            <i
              key={kind}
              class={`quality-bar is-${kind}`}
              style={{ width: `${barShare(value)}%` }}
              title={`${kind === "pca" ? "PCA" : kind}: ${score(value)}`}
            />
          ))}
        </span>
        <span class="number">{score(summary[figure])}</span>
      </button>
    </li>
  );
}
