/** Takes dropped and chosen files; what is done with them comes when there are some. */
import type { Api } from "../../api/api";
import type { Handlers } from "../../store/handlers";
import { activeScope, type RootStore, type Store, scope } from "../../store/store";
import { report } from "../report";
import { chooseFiles, listenToDrags } from "./file-drag";
import type { Uploads } from "./file-uploads";

export interface FileDrops {
  readonly handlers: Handlers<"choose-files" | "open-files" | "cancel-drop">;
  stop(): void;
}

export function startFileDrops(root: RootStore, api: Api): FileDrops {
  let uploads: Promise<Uploads> | undefined;
  const take = async (files: readonly File[], view: Store) => {
    uploads ??= import("./file-uploads").then(({ Uploads }) => new Uploads(root, api));
    await (await uploads).take(files, view);
  };
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
      "cancel-drop": async ({ batch }) => (await uploads)?.cancel(batch),
    },
    stop() {
      stop();
      void uploads?.then((started) => started.stop());
    },
  };
}
