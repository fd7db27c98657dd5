/** Searches the values of a column that a legend or a chart does not list. */
import type { Api } from "../../api/api";
import { categoriesAsked, categoriesFound } from "../../store/actions/category-search";
import type { Handlers } from "../../store/handlers";
import type { RequestOf } from "../../store/requests";
import { shownDataset } from "../../store/selectors/shown";
import { contentKey } from "../../store/selectors/table";
import type { CategorySearchKey } from "../../store/state/category-search";
import type { Store } from "../../store/store";
import { pause } from "../browser/latest";

const PAGE = 200;
const TYPING_MILLISECONDS = 150;

export interface CategorySearch {
  readonly handlers: Handlers<"find-values">;
  stop(): void;
}

export function startCategorySearch(store: Store, api: Api): CategorySearch {
  const open = new Map<CategorySearchKey, AbortController>();

  async function find(request: RequestOf<"find-values">, signal: AbortSignal): Promise<void> {
    const { list, column, text, offset, skip } = request;
    const state = store.state.peek();
    const info = shownDataset(state)?.info;
    if (!info) return;
    const of = contentKey(state);
    store.dispatch(categoriesAsked(list, of, text));
    if (text !== "" && offset === 0) await pause(TYPING_MILLISECONDS, signal);
    // Without a text the list goes on where the legend and the bars end.
    const from = offset + (text === "" ? skip : 0);
    const query = { text, offset: from, limit: PAGE };
    const { categories, nFound } = await api.columns.findCategories(info.id, column, query, signal);
    signal.throwIfAborted();
    const known = offset > 0 ? (store.state.peek().categorySearches[list]?.found ?? []) : [];
    store.dispatch(
      categoriesFound(list, {
        of,
        text,
        found: [...known, ...categories],
        nFound: nFound - (text === "" ? skip : 0),
        isLoading: false,
      }),
    );
  }

  return {
    handlers: {
      "find-values"(request) {
        open.get(request.list)?.abort();
        const controller = new AbortController();
        open.set(request.list, controller);
        return find(request, controller.signal);
      },
    },
    stop() {
      for (const controller of open.values()) controller.abort();
    },
  };
}
