/** The picture's own figures among what it can be colored by. */
import type { JSX } from "preact";
import type { ColumnRef } from "../../model/data/dataset";
import { FIGURES, figureRef, figureWords, isMeasuring } from "../../model/projection/quality";
import {
  coloredFigure,
  figureData,
  finishedProjection,
  shownQuality,
} from "../../store/selectors/quality";
import { useSelect } from "../context";

/** Values of options; a column's own value is its number. */
const VALUES = FIGURES.map((figure, at) => ({ figure, value: String(-1 - at) }));

export function figureChoice(value: string): ColumnRef | null {
  const found = VALUES.find((each) => each.value === value);
  return found ? figureRef(found.figure) : null;
}

export function FigureOptions(): JSX.Element {
  return (
    <optgroup label="This picture">
      {VALUES.map(({ figure, value }) => (
        <option key={figure} value={value}>
          {figureWords(figure, 0).title}
        </option>
      ))}
    </optgroup>
  );
}

/** Why the points do not have a figure's colors yet, or what the colors say. */
export function FigureNote(): JSX.Element | null {
  const figure = useSelect(coloredFigure);
  const quality = useSelect(shownQuality);
  const isThere = useSelect(
    (state) => figure !== null && figureData(state, figure) !== null,
    [figure],
  );
  const projection = useSelect(finishedProjection);
  const failure = useSelect(
    ({ quality }) => quality.failures[projection?.id ?? ""] ?? null,
    [projection],
  );
  if (figure === null) return null;
  if (isThere) return <p class="hint">{figureWords(figure, quality?.k ?? 0).meaning}</p>;
  if (!projection) return <p class="hint">Measured once the picture is done.</p>;
  const problem = quality?.error?.message ?? failure;
  if (problem && !isMeasuring(quality)) return <p class="inline-error">{problem}</p>;
  return <p class="hint">Being measured…</p>;
}
