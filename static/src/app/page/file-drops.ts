/** Takes dropped and chosen files; what is done with them comes when there are some. */
import type { Api } from "../../api/api";
import type { Handlers } from "../../store/handlers";
import { activeScope, type RootStore, type Store, scope } from "../../store/store";
import { Later } from "../browser/later";
import { report } from "../report";
import { chooseFiles, listenToDrags } from "./file-drag";

export interface FileDrops {
  readonly handlers: Handlers<"choose-files" | "open-files" | "cancel-drop">;
  stop(): void;
}

export function startFileDrops(root: RootStore, api: Api): FileDrops {
  const uploads = new Later(
    () => import("./file-uploads"),
    ({ Uploads }) => new Uploads(root, api),
  );
  const take = async (files: readonly File[], view: Store) =>
    (await uploads.get())?.take(files, view);
  const stop = listenToDrags(activeScope(root), (files) => {
    const view = scope(root, root.state.peek().active);
    take(files, view).catch(report(view));
  });
  return {
    handlers: {
      "choose-files"(_, view) {
        chooseFiles((files) => void take(files, view).catch(report(view)));
      },
      "open-files": ({ files }, view) => take(files, view),
      "cancel-drop": async ({ batch }) => (await uploads.get())?.cancel(batch),
    },
    stop() {
      stop();
      uploads.stop();
    },
  };
}
