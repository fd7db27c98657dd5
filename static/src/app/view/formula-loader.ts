/** Asks which points pass the condition that a person wrote, and for computed columns. */
import { computed } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import {
  columnsChanged,
  whereAsked,
  whereFailed,
  whereForgotten,
  whereFound,
} from "../../store/actions/formula";
import type { Handlers } from "../../store/handlers";
import { whereKey } from "../../store/selectors/formula";
import { shownDataset } from "../../store/selectors/shown";
import type { Store } from "../../store/store";
import { latest } from "../browser/latest";

export interface FormulaLoader {
  readonly handlers: Handlers<"compute-column" | "remove-column">;
  stop(): void;
}

export function startFormulas(store: Store, api: Api): FormulaLoader {
  const asked = computed(() => whereKey(store.state.value));
  const stop = latest(
    asked,
    async (key, signal) => {
      const state = store.state.peek();
      const info = shownDataset(state)?.info;
      if (key === "" || !info) return store.dispatch(whereForgotten());
      store.dispatch(whereAsked(key));
      const failing = await api.formulas.failing(info, state.view.where, signal);
      signal.throwIfAborted();
      store.dispatch(whereFound(key, failing));
    },
    (error) => store.dispatch(whereFailed(asked.peek(), messageOf(error))),
  );
  return {
    handlers: {
      async "compute-column"({ name, formula }) {
        const info = shownDataset(store.state.peek())?.info;
        if (info)
          store.dispatch(columnsChanged(await api.formulas.compute(info.id, name, formula)));
      },
      async "remove-column"({ name }) {
        const info = shownDataset(store.state.peek())?.info;
        if (info) store.dispatch(columnsChanged(await api.formulas.remove(info.id, name)));
      },
    },
    stop,
  };
}
