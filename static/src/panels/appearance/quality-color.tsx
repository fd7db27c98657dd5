/** Quality scores of the projection as something to color by. */
import type { JSX } from "preact";
import type { ColumnRef } from "../../model/data/dataset";
import { SCORES, scoreRef, scoreWords } from "../../model/projection/quality";
import { useSelect } from "../context";
import { qualityNote } from "./quality-note";

/** Values of the options; the value of a column is its index. */
const VALUES = SCORES.map((score, at) => ({ score, value: String(-1 - at) }));

export function qualityChoice(value: string): ColumnRef | null {
  const found = VALUES.find((each) => each.value === value);
  return found ? scoreRef(found.score) : null;
}

export function QualityOptions(): JSX.Element {
  return (
    <optgroup label="Quality of this projection">
      {VALUES.map(({ score, value }) => (
        <option key={score} value={value}>
          {scoreWords(score, 0).title}
        </option>
      ))}
    </optgroup>
  );
}

/** What the colors of a score mean, or why there are none yet. */
export function QualityNote(): JSX.Element | null {
  const kind = useSelect((state) => qualityNote(state)?.kind);
  const text = useSelect((state) => qualityNote(state)?.text);
  if (!text) return null;
  return <p class={kind === "error" ? "inline-error" : "hint"}>{text}</p>;
}
