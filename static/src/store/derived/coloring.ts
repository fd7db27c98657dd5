/** The column that points are colored by, its values, and the colors and the legend of them. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { coloringOf, legendOf, plainColoring } from "../../model/color/color";
import type {
  Coloring,
  ColorStyle,
  ColumnValues,
  Legend,
  RampChoice,
} from "../../model/color/color-style";
import type { Column } from "../../model/data/dataset";
import { isScoreColumn } from "../../model/projection/quality";
import { coloredScore, scoreData } from "../selectors/quality";
import { colorColumn, colorScale, shownDataset, themeName } from "../selectors/shown";
import type { Store } from "../store";
import type { SameArrays } from "./same-arrays";

export interface DerivedColoring {
  /** null while the column's values are on their way, or where there is no column. */
  readonly values: ReadonlySignal<ColumnValues | null>;
  /** Colors of the shown points; null while their column is on its way. */
  readonly coloring: ReadonlySignal<Coloring | null>;
  readonly legend: ReadonlySignal<Legend>;
}

const NO_LEGEND: Legend = { kind: "none" };
const NO_SWATCHES = {};

export function deriveColoring(store: Store, same: SameArrays): DerivedColoring {
  const data = store.select(shownDataset);
  const column = store.select((state) => {
    const shown = shownDataset(state);
    return shown && colorColumn(state, shown);
  });
  const values = columnValues(store, column);
  const colored = computed(() =>
    column.value && values.value ? { column: column.value, values: values.value } : null,
  );
  const style = colorStyle(store, column);
  const isLive = store.select((state) => state.work.shown?.isLive ?? false);
  const shared = ({ codes, palette }: Coloring) => ({ codes: same.of(codes), palette });
  const coloring = computed(() => {
    // Points that move have no scores yet, and those of another projection would be wrong.
    const isUnmeasured = column.value && isScoreColumn(column.value) && isLive.value;
    if (!column.value || isUnmeasured) {
      return shared(plainColoring(data.value?.info.n_points ?? 0, style.value.theme));
    }
    if (!colored.value) return null;
    return shared(coloringOf(colored.value.column, colored.value.values, style.value));
  });
  const legend = computed(() =>
    colored.value ? legendOf(colored.value.column, colored.value.values, style.value) : NO_LEGEND,
  );
  return { values, coloring, legend };
}

/** Scores of two projections are compared: both have the same, even scale. */
function scoreRamp(ramp: RampChoice): RampChoice {
  return ramp.transform === "auto" ? { ...ramp, transform: "linear" } : ramp;
}

function columnValues(store: Store, column: ReadonlySignal<Column | null>) {
  const data = store.select(shownDataset);
  const scale = computed(() => column.value && colorScale(store.state.value, column.value));
  const score = store.select((state) => {
    const colored = coloredScore(state);
    return colored && (scoreData(state, colored)?.numbers ?? null);
  });
  return computed<ColumnValues | null>(() => {
    if (column.value && isScoreColumn(column.value)) return score.value;
    const loaded = column.value && data.value?.columns[column.value.index];
    if (!loaded) return null;
    return (scale.value === "numeric" ? loaded.numbers : loaded.codes) ?? null;
  });
}

function colorStyle(store: Store, column: ReadonlySignal<Column | null>) {
  const theme = store.select(themeName);
  const ramp = store.select((state) => state.view.ramp);
  const swatches = computed(
    () => store.state.value.view.swatches[column.value?.name ?? ""] ?? NO_SWATCHES,
  );
  const nColors = store.select((state) => state.view.nColors);
  const order = store.select((state) => state.colorOrder);
  return computed<ColorStyle>(() => ({
    theme: theme.value,
    swatches: swatches.value,
    ramp: column.value && isScoreColumn(column.value) ? scoreRamp(ramp.value) : ramp.value,
    nColors: nColors.value,
    order: order.value,
  }));
}
