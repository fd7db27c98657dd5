/** Handles requests that concern the page as a whole. */
import type { Api } from "../../api/api";
import { togglePanel } from "../../store/actions/layout";
import { openInspector } from "../../store/actions/page";
import { openTagging } from "../../store/actions/tags";
import type { Handlers } from "../../store/handlers";
import type { RootStore } from "../../store/store";
import { loadListing } from "./listing-loader";

export function pageRequests(
  root: RootStore,
  api: Api,
): Handlers<"reload-log" | "full-screen" | "focus-search" | "open-tags"> {
  return {
    "reload-log": () => loadListing(root, api),
    async "full-screen"() {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await document.documentElement.requestFullscreen();
    },
    async "focus-search"(_, view) {
      const field = document.getElementById("search-text");
      // Folded away it cannot take the focus, and what is typed would act on the page.
      if (field && !field.checkVisibility()) {
        view.dispatch(togglePanel("right", true));
        view.dispatch(openInspector(view.state.peek().page.inspector));
        // Panels are drawn in a microtask.
        await Promise.resolve();
      }
      // What is asked for already is answered there.
      if (view.state.peek().attention.search.text !== "") {
        view.dispatch(togglePanel("right", true));
      }
      field?.focus();
    },
    "open-tags"(_, view) {
      view.dispatch(togglePanel("right", true));
      view.dispatch(openInspector("inspect"));
      view.dispatch(openTagging(true));
    },
  };
}
