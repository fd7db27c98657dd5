/** Tags with code that comes once there are points to be tagged. */
import { effect } from "@preact/signals";
import type { Api } from "../../api/api";
import type { Handlers } from "../../store/handlers";
import type { RootStore } from "../../store/store";
import type { TagsSync } from "./tags-sync";

type Kind = "save-tags" | "settle-tags" | "download-tags";

export function startTagsLater(
  root: RootStore,
  api: Api,
): { readonly handlers: Handlers<Kind>; stop(): void } {
  let started: Promise<TagsSync | null> | undefined;
  let isStopped = false;
  let stop: (() => void) | undefined;
  const start = () => {
    started ??= import("./tags-sync").then(({ startTags }) => {
      // The page may have been closed meanwhile.
      if (isStopped) return null;
      const sync = startTags(root, api);
      stop = () => sync.stop();
      return sync;
    });
    return started;
  };
  const hasPoints = root.select(({ views }) =>
    Object.values(views).some(({ work }) => work.shown !== null),
  );
  const wait = effect(() => {
    if (hasPoints.value && !isStopped) void start();
  });
  return {
    handlers: {
      "save-tags": async (request, view) => (await start())?.handlers["save-tags"](request, view),
      "settle-tags": async (request, view) =>
        (await start())?.handlers["settle-tags"](request, view),
      "download-tags": async (request, view) =>
        (await start())?.handlers["download-tags"](request, view),
    },
    stop() {
      isStopped = true;
      wait();
      stop?.();
    },
  };
}
