/** Finds values among more than a legend can list, and learns of those that a filter names. */
import { computed } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { N_DISTINCT } from "../../model/color/palette";
import { type Dataset, resolveColumn } from "../../model/data/dataset";
import {
  categoriesAsked,
  categoriesFound,
  categoriesNamed,
} from "../../store/actions/category-search";
import { notify } from "../../store/actions/page";
import type { PageRequest } from "../../store/requests";
import { shownDataset } from "../../store/selectors/shown";
import { contentKey } from "../../store/selectors/table";
import type { CategorySearchKey } from "../../store/state/category-search";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";

const PAGE = 200;
const TYPING_MILLISECONDS = 150;

type Search = Extract<PageRequest, { readonly kind: "find-values" }>;

export function startCategorySearch(store: Store, api: Api): () => void {
  const open = new Map<CategorySearchKey, AbortController>();
  const say = (error: unknown) => store.dispatch(notify("error", messageOf(error)));

  async function find({ list, column, text, offset }: Search, signal: AbortSignal) {
    const state = store.state.peek();
    const info = shownDataset(state)?.info;
    if (!info) return;
    const of = contentKey(state);
    store.dispatch(categoriesAsked(list, of, text));
    if (text !== "" && offset === 0) await pause(TYPING_MILLISECONDS, signal);
    // Without a text the list goes on where the legend and the bars end.
    const from = offset + (text === "" ? N_DISTINCT : 0);
    const query = { text, offset: from, limit: PAGE };
    const { categories, nFound } = await api.columns.findCategories(info.id, column, query, signal);
    signal.throwIfAborted();
    const known = offset > 0 ? (store.state.peek().rarer[list]?.found ?? []) : [];
    store.dispatch(
      categoriesFound(list, {
        of,
        text,
        found: [...known, ...categories],
        nFound: nFound - (text === "" ? N_DISTINCT : 0),
        isLoading: false,
      }),
    );
  }

  const unknown = computed(() => JSON.stringify(unknownNames(store.state.value)));
  const tried = new Set<string>();
  const stops = [
    store.onRequest((intent) => {
      if (intent.kind !== "find-values") return;
      open.get(intent.list)?.abort();
      const controller = new AbortController();
      open.set(intent.list, controller);
      find(intent, controller.signal).catch((error: unknown) => {
        if (!controller.signal.aborted) say(error);
      });
    }),
    latest(
      unknown,
      async (_, signal) => {
        const state = store.state.peek();
        const info = shownDataset(state)?.info;
        for (const { column, names } of unknownNames(state)) {
          // What nothing bears is not asked for a second time.
          const key = `${contentKey(state)} ${column} ${names.join("\n")}`;
          if (!info || tried.has(key)) continue;
          tried.add(key);
          const { categories } = await api.columns.categoriesNamed(info.id, column, names, signal);
          signal.throwIfAborted();
          store.dispatch(categoriesNamed(info.id, column, categories));
        }
      },
      say,
    ),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const controller of open.values()) controller.abort();
  };
}

interface Unknown {
  readonly column: number;
  readonly names: readonly string[];
}

/** Names in filters and colors that none of the categories bears that came with the codes. */
function unknownNames(state: State): readonly Unknown[] {
  const data = shownDataset(state);
  if (!data) return [];
  const wanted = [
    ...state.view.filters.flatMap((filter) => {
      const column = resolveColumn(data.info, filter.column);
      return filter.kind === "values" && column ? [{ column, names: filter.names }] : [];
    }),
    ...Object.entries(state.view.swatches).flatMap(([name, colors]) => {
      const column = columnCalled(data.info, name);
      // Keys that begin with NUL stand for what is no category.
      const names = Object.keys(colors).filter((each) => !each.startsWith("\u0000"));
      return column ? [{ column, names }] : [];
    }),
  ];
  return wanted.flatMap(({ column, names }) => {
    const categories = data.columns[column.index]?.codes?.categories;
    if (!categories || categories.n_categories <= categories.names.length) return [];
    const known = new Set([
      ...categories.names,
      ...(categories.rarer ?? []).map(({ name }) => name),
    ]);
    const missing = names.filter((name) => !known.has(name)).slice(0, 1000);
    return missing.length > 0 ? [{ column: column.index, names: missing }] : [];
  });
}

function columnCalled({ columns }: Dataset, name: string) {
  return columns.find((column) => column.name === name) ?? null;
}
