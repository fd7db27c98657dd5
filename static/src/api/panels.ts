/** Requests for the panels of plug-ins. */
import type { PluginPanel } from "../model/view/plugin-panel";
import { getJson } from "./requests";
import type { Transport } from "./transport";

export type PanelsApi = ReturnType<typeof panelsApi>;

export function panelsApi(transport: Transport) {
  return {
    async list(): Promise<readonly PluginPanel[]> {
      type Body = { readonly panels: readonly PluginPanel[] };
      return (await getJson<Body>(transport, ["plugins"])).panels;
    },

    /** The address of a panel's module: it never stands for another content. */
    async moduleUrl({ name, digest }: PluginPanel): Promise<string> {
      return transport.url(["plugins", name, `${digest}.js`]);
    },
  };
}
