/** Fetches categories that a filter or a color names but that did not come with the codes. */
import { computed } from "@preact/signals";
import type { Api } from "../../api/api";
import { type Dataset, resolveColumn } from "../../model/data/dataset";
import { categoriesNamed } from "../../store/actions/category-search";
import { shownDataset } from "../../store/selectors/shown";
import { contentKey } from "../../store/selectors/table";
import type { State } from "../../store/state/state";
import { activeScope, type RootStore, viewStates } from "../../store/store";
import { latest } from "../browser/latest";
import { report } from "../report";

/** More are not asked for at once. */
const MAX_NAMES = 1000;

/** For all views: a category is known by name in all of them from then on. */
export function startCategoryNames(root: RootStore, api: Api): () => void {
  const store = activeScope(root);
  const views = viewStates(root);
  const unknown = computed(() =>
    [...views.value.values()]
      .flatMap(unknownNames)
      .map((each) => keyOf(each))
      .join("\u0000"),
  );
  const tried = new Set<string>();
  return latest(
    unknown,
    async (_, signal) => {
      for (const each of [...views.peek().values()].flatMap(unknownNames)) {
        // Names that no point has are not asked for a second time.
        const key = keyOf(each);
        if (tried.has(key)) continue;
        tried.add(key);
        const { dataset, column, names } = each;
        const { categories } = await api.columns.categoriesNamed(dataset, column, names, signal);
        signal.throwIfAborted();
        store.dispatch(categoriesNamed(dataset, column, categories));
      }
    },
    report(store),
  );
}

interface Unknown {
  readonly dataset: string;
  /** What the dataset's columns say now. */
  readonly content: string;
  readonly column: number;
  readonly names: readonly string[];
}

function keyOf({ content, column, names }: Unknown): string {
  return `${content} ${column} ${names.join("\n")}`;
}

function unknownNames(state: State): readonly Unknown[] {
  const data = shownDataset(state);
  if (!data) return [];
  return wantedNames(state, data.info).flatMap(({ column, names }) => {
    const categories = data.columns[column]?.codes?.categories;
    if (!categories || categories.n_categories <= categories.names.length) return [];
    const known = new Set([
      ...categories.names,
      ...(categories.rarer ?? []).map(({ name }) => name),
    ]);
    const missing = names.filter((name) => !known.has(name)).slice(0, MAX_NAMES);
    const of = { dataset: data.info.id, content: contentKey(state), column };
    return missing.length > 0 ? [{ ...of, names: missing }] : [];
  });
}

interface Wanted {
  readonly column: number;
  readonly names: readonly string[];
}

function wantedNames({ view }: State, info: Dataset): readonly Wanted[] {
  return [
    ...view.filters.flatMap((filter) => {
      const column = resolveColumn(info, filter.column);
      return filter.kind === "values" && column
        ? [{ column: column.index, names: filter.names }]
        : [];
    }),
    ...Object.entries(view.swatches).flatMap(([name, colors]) => {
      const column = info.columns.find((each) => each.name === name);
      // Keys that begin with NUL mean missing values and the rest, not categories.
      const names = Object.keys(colors).filter((each) => !each.startsWith("\u0000"));
      return column ? [{ column: column.index, names }] : [];
    }),
  ];
}
