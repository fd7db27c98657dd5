/** Tags with code that comes once there are points to be tagged. */
import type { Api } from "../../api/api";
import type { Handlers } from "../../store/handlers";
import type { RootStore } from "../../store/store";
import { Later } from "../browser/later";

type Kind = "save-tags" | "settle-tags" | "download-tags";

export function startTagsLater(
  root: RootStore,
  api: Api,
): { readonly handlers: Handlers<Kind>; stop(): void } {
  const tags = new Later(
    () => import("./tags-sync"),
    ({ startTags }) => startTags(root, api),
  );
  const hasPoints = root.select(({ views }) =>
    Object.values(views).some(({ work }) => work.shown !== null),
  );
  const handlers = async () => (await tags.get())?.handlers;
  return {
    handlers: {
      "save-tags": async (request, view) => (await handlers())?.["save-tags"](request, view),
      "settle-tags": async (request, view) => (await handlers())?.["settle-tags"](request, view),
      "download-tags": async (request, view) =>
        (await handlers())?.["download-tags"](request, view),
    },
    stop: tags.when(hasPoints),
  };
}
