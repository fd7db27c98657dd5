/** Opens the demo data: for whoever has nothing of their own to look at yet. */
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { placeOf } from "../../model/data/listing";
import { notify } from "../../store/actions/page";
import { goTo } from "../../store/actions/place";
import type { Store } from "../../store/store";
import { loadLog } from "./server-events";

export function startDemo(store: Store, api: Api): () => void {
  async function open(): Promise<void> {
    try {
      const [first] = await api.catalog.openDemo();
      await loadLog(store, api);
      const { listing } = store.state.peek().log;
      if (listing.status !== "ready") return;
      const { entries } = listing.value;
      const entry = entries.find(({ id }) => id === first);
      const last = entries.findLast(({ run, name }) => run === entry?.run && name === entry?.name);
      if (last) store.dispatch(goTo(placeOf(last)));
    } catch (error) {
      store.dispatch(notify("error", messageOf(error)));
    }
  }
  return store.onRequest((intent) => {
    if (intent.kind === "open-demo") void open();
  });
}
