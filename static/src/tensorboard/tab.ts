/** What TensorBoard runs in the frame of the tab "Projector+": it frames the page. */
import { dataReloads } from "./data-reloads";
import { KeptAddress } from "./kept-address";
import { followTheme } from "./tensorboard-theme";

/** The name is TensorBoard's: it calls this once, when somebody opens the tab first. */
export function render(): void {
  const kept = new KeptAddress(sessionStorage, new URL("page/", document.baseURI).pathname);
  const frame = document.createElement("iframe");
  frame.title = "Projector+";
  frame.allow = "fullscreen; clipboard-write";
  frame.style.cssText = "border:0; width:100%; height:100vh; display:block";
  frame.src = `./page/${kept.hash}`;
  document.documentElement.style.background = "transparent";
  document.body.style.margin = "0";
  followTheme(frame, window.parent.document.body);
  document.body.append(frame);
  window.addEventListener("pagehide", () => kept.keep(frame.contentWindow?.location.hash ?? ""));
  dataReloads(window.parent, () => {
    // It says itself what is wrong, if the page is not there: nothing else can be done here.
    void fetch("./reload", { method: "POST" }).catch(() => undefined);
  });
}
