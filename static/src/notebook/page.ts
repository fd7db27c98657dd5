/** Starts the page inside a cell's frame, once the widget has said where it is. */
import { createApi } from "../api/api";
import { messageTransport } from "../api/message-transport";
import { start } from "../app";
import { PageAddress } from "../app/browser/address";
import type { Surroundings } from "../app/browser/surroundings";
import { API_BASE } from "../model/data/urls";
import "../styles/index.css";
import { type Begin, type PageNews, STARTED, type ThemeNews } from "./between";
import { portChannel } from "./port-channel";
import { keepPicture } from "./taken-picture";

window.addEventListener("message", ({ data, ports }: MessageEvent<Begin>) => {
  const [kernel, notebook] = ports;
  if (data?.kind === "begin" && kernel && notebook) run(data, kernel, notebook);
});
window.dispatchEvent(new Event(STARTED));

function run({ hash, theme }: Begin, kernel: MessagePort, notebook: MessagePort): void {
  const root = document.getElementById("app");
  if (!root) throw new Error("The frame has no element with the id 'app'.");
  const tell = (news: PageNews, transfer: Transferable[] = []) =>
    notebook.postMessage(news, transfer);
  const picture = keepPicture((png) => tell({ kind: "picture", png }, [png]));
  const around: Surroundings = {
    address: new PageAddress(hash, (now) => {
      tell({ kind: "address", hash: now });
      picture.changed();
    }),
    onTheme(listener) {
      listener(theme);
      const hear = ({ data }: MessageEvent<ThemeNews>) => listener(data.theme);
      notebook.addEventListener("message", hear);
      notebook.start();
      return () => notebook.removeEventListener("message", hear);
    },
  };
  start(root, createApi(messageTransport(portChannel(kernel), `/${API_BASE}`)), around);
}
