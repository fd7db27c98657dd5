/** Saves tags as they are made and takes over those that change on the server. */
import { effect, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import { tableToFile } from "../../model/data/tags";
import type { Handlers } from "../../store/handlers";
import { isReadOnly } from "../../store/selectors/listing";
import { hasUnsaved } from "../../store/selectors/tags";
import { activeScope, type RootStore, viewStates } from "../../store/store";
import { saveFile } from "../browser/download";
import { report } from "../report";
import { downloadName, shownTagsOf, TagKeeper } from "./tag-keeper";

export interface TagsSync {
  readonly handlers: Handlers<"save-tags" | "settle-tags" | "download-tags">;
  stop(): void;
}

/** For all views: tags belong to points, however often they are shown. */
export function startTags(root: RootStore, api: Api): TagsSync {
  const store = activeScope(root);
  const say = report(store);
  const views = viewStates(root);
  const tags = store.select((state) => state.tags);
  const keeper = new TagKeeper(store, api, () => [...views.peek().values()]);

  const stops = [
    effect(() => {
      const states = [...views.value.values()];
      for (const state of states) {
        const shown = shownTagsOf(state);
        // Where they cannot be edited they can still be downloaded.
        const isLook = isReadOnly(state) && shown?.info.tags.revision != null;
        const isWanted = shown && (state.tags.isOpen || state.tags.kept[shown.key] || isLook);
        if (isWanted) untracked(() => keeper.look(shown).catch(say));
      }
    }),
    effect(() => {
      tags.value;
      untracked(() => keeper.saveAll());
    }),
    guardUnload(() => hasUnsaved(store.state.peek())),
  ];
  return {
    handlers: {
      "save-tags": ({ isForSession }, view) => keeper.saveAgain(view.state.peek(), isForSession),
      "settle-tags": ({ how }, view) => keeper.settle(view.state.peek(), how),
      "download-tags"(_, view) {
        const known = keeper.known(view.state.peek());
        if (!known) return;
        const name = downloadName(known.kept.file, known.table);
        saveFile(tableToFile(known.table), name, "text/tab-separated-values");
      },
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}

/** The browser asks before it closes a page whose tags are nowhere else. */
function guardUnload(hasUnsaved: () => boolean): () => void {
  const onLeave = (event: BeforeUnloadEvent) => {
    if (hasUnsaved()) event.preventDefault();
  };
  window.addEventListener("beforeunload", onLeave);
  return () => window.removeEventListener("beforeunload", onLeave);
}
