/** Finds the panels of plug-ins, and mounts one where a tab of the inspector shows it. */
import type { Api } from "../../api/api";
import type { PageApi } from "../../model/view/page-api";
import type { PanelModule, PluginPanel } from "../../model/view/plugin-panel";
import { panelsFound } from "../../store/actions/page";
import type { Handlers } from "../../store/handlers";
import { activeScope, type RootStore } from "../../store/store";

export function panelRequests(
  root: RootStore,
  api: Api,
  page: () => PageApi | undefined,
): Handlers<"mount-panel" | "unmount-panel"> {
  const mounted = new WeakMap<HTMLElement, Promise<() => void>>();
  const load = async (panel: PluginPanel): Promise<PanelModule> => {
    const url = new URL(await api.panels.moduleUrl(panel), document.baseURI).href;
    return (await import(/* @vite-ignore */ url)) as PanelModule;
  };
  return {
    async "mount-panel"({ panel, element }) {
      const api = page();
      if (!api) return;
      const { mountPanel } = await import("./plugin-panels");
      mounted.set(element, mountPanel(panel, element, { root, page: api, load }));
    },
    async "unmount-panel"({ element }) {
      (await mounted.get(element))?.();
    },
  };
}

/** A page without panels is whole: that they could not be listed needs no word. */
export async function loadPanels(root: RootStore, api: Api): Promise<void> {
  try {
    activeScope(root).dispatch(panelsFound(await api.panels.list()));
  } catch {
    return;
  }
}
