/** Does what panels ask for beyond a change of state. */
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { HOME_2D, HOME_3D, roll } from "../../model/camera/camera";
import type { Cloud } from "../../render/scene/types";
import { togglePanel } from "../../store/actions/layout";
import { notify, openInspector } from "../../store/actions/page";
import { projectionHeard, requestDraft } from "../../store/actions/projection";
import { openTagging } from "../../store/actions/tags";
import { cameraMoved } from "../../store/actions/view";
import type { PageRequest } from "../../store/requests";
import { requestKey, wantedProjection } from "../../store/selectors/request";
import type { Store } from "../../store/store";
import { saveFile } from "../browser/download";
import type { ProjectionLoader } from "../view/projection-loader";
import { loadLog } from "./server-events";

export function startRequestHandlers(
  store: Store,
  api: Api,
  pictures: ProjectionLoader,
  cloud: Cloud,
): () => void {
  return store.onRequest((intent) => {
    perform(intent, store, api, pictures, cloud).catch((error: unknown) => {
      store.dispatch(notify("error", messageOf(error)));
    });
  });
}

async function perform(
  intent: PageRequest,
  store: Store,
  api: Api,
  pictures: ProjectionLoader,
  cloud: Cloud,
): Promise<void> {
  switch (intent.kind) {
    case "run":
      return run(store, pictures);
    case "stop":
    case "pause":
    case "resume": {
      const projection = wantedProjection(store.state.peek());
      if (!projection) return;
      await api.projections[intent.kind](projection.id);
      // Events follow the work, and paused work may have nothing to tell for a while.
      store.dispatch(projectionHeard(await api.projections.get(projection.id)));
      return;
    }
    case "fly":
      if (intent.indices.length > 0) {
        cloud.flyTo(Array.from(intent.indices));
        store.dispatch(cameraMoved(cloud.camera()));
      }
      return;
    case "home": {
      const home = cloud.camera().mode === "2d" ? HOME_2D : HOME_3D;
      cloud.setCamera(home, { animateMilliseconds: 500 });
      store.dispatch(cameraMoved(home));
      return;
    }
    case "roll": {
      const turned = roll(cloud.camera(), (intent.degrees * Math.PI) / 180);
      cloud.setCamera(turned, { animateMilliseconds: 120 });
      store.dispatch(cameraMoved(turned));
      return;
    }
    case "full-screen":
      if (document.fullscreenElement) await document.exitFullscreen();
      else await document.documentElement.requestFullscreen();
      return;
    case "focus-search":
      document.getElementById("search-text")?.focus();
      return;
    case "open-tags":
      store.dispatch(togglePanel("right", true));
      store.dispatch(openInspector("inspect"));
      store.dispatch(openTagging(true));
      return;
    case "save-picture":
      return saveFile(await cloud.toBlob(2), `${store.state.peek().view.request.method}.png`);
    case "load-column":
    case "load-texts":
    case "explain-media":
    case "find-values":
    case "run-action":
    case "measure-trust":
    case "select-shown":
    case "invert-selection":
    case "show-bookmark":
    case "save-bookmarks":
    case "open-bookmarks":
    case "copy-link":
    case "export":
    case "save-tags":
    case "settle-tags":
    case "download-tags":
      // Others listen to these: whoever holds the datasets, and whoever knows what is shown.
      return;
    case "reload-log":
      return loadLog(store, api);
  }
}

/** The same request again means: it failed or was stopped, and should be tried once more. */
function run(store: Store, pictures: ProjectionLoader): void {
  const before = store.state.peek();
  store.dispatch(requestDraft());
  const after = store.state.peek();
  const isSame = requestKey(before, before.view.request) === requestKey(after, after.view.request);
  if (isSame && !wantedProjection(after)) pictures.retry();
}
