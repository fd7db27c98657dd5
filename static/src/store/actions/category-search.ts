/** Results of category searches. */
import type { Category } from "../../model/data/dataset";
import type { CategorySearchKey, MoreValues } from "../state/category-search";
import type { Action } from "../store";

export function categoriesFound(list: CategorySearchKey, found: MoreValues): Action {
  return (state) => ({ ...state, rarer: { ...state.rarer, [list]: found } });
}

export function categoriesAsked(list: CategorySearchKey, of: string, text: string): Action {
  return (state) => {
    const known = state.rarer[list];
    const before = known?.of === of ? known : { found: [], nFound: 0 };
    return categoriesFound(list, { ...before, of, text, isLoading: true })(state);
  };
}

/** Categories beyond those that were sent with the codes: filters and colors may name them now. */
export function categoriesNamed(
  dataset: string,
  column: number,
  more: readonly Category[],
): Action {
  return (state) => {
    const data = state.datasets[dataset];
    const codes = data?.columns[column]?.codes;
    if (!data || !codes) return state;
    const { categories } = codes;
    const known = new Set((categories.rarer ?? []).map(({ rank }) => rank));
    const added = more.filter(({ rank }) => rank >= categories.names.length && !known.has(rank));
    if (added.length === 0) return state;
    const rarer = [...(categories.rarer ?? []), ...added].sort((a, b) => a.rank - b.rank);
    const next = { ...codes, categories: { ...categories, rarer } };
    const columns = { ...data.columns, [column]: { ...data.columns[column], codes: next } };
    return { ...state, datasets: { ...state.datasets, [dataset]: { ...data, columns } } };
  };
}
