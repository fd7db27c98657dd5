/** A point in a list: its color, its image where there is one, its label. */
import type { ComponentChildren, JSX } from "preact";
import { patternOf } from "../../model/color/category-color";
import { css } from "../../model/color/palette";
import { rowNumber, shownDataset } from "../../store/selectors/shown";
import { usePanel, useSelect } from "../context";
import { Thumbnail } from "../controls/thumbnail";
import { usePointLabel } from "./point-label";

export interface PointRowProps {
  readonly index: number;
  /** What stands at the end of the row; the row's number where nothing else does. */
  readonly children?: ComponentChildren;
}

export function PointRow({ index, children }: PointRowProps): JSX.Element {
  const { derived } = usePanel();
  const label = usePointLabel(index);
  const row = useSelect((state) => rowNumber(state, index), [index]);
  const sprite = useSelect((state) => {
    const sheet = shownDataset(state)?.sprite;
    return sheet?.status === "ready" ? sheet.value : null;
  });
  const coloring = derived.coloring.value;
  const slot = coloring?.codes[index] ?? 0;
  const pattern = derived.legend.value.kind === "categories" ? patternOf(slot) : 0;
  const at = slot * 4;
  const [red = 128, green = 128, blue = 128] = coloring?.palette.subarray(at, at + 3) ?? [];
  return (
    <>
      <span
        class={`swatch pattern-${pattern}`}
        style={{ backgroundColor: css([red, green, blue]) }}
        aria-hidden="true"
      />
      {sprite && <Thumbnail sprite={sprite} index={index} size={20} />}
      <span class="row-name">{label}</span>
      {children ?? <span class="row-index number">{row}</span>}
    </>
  );
}
