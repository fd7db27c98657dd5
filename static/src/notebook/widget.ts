/** The script of the widget: puts the page into a cell. anywidget calls `render` for each view. */
import { messageTransport } from "../api/message-transport";
import { readText, send } from "../api/requests";
import type { AnyModel } from "./any-model";
import { Line } from "./line";
import { type PageFiles, PageFrame } from "./page-frame";
import { hideStillPicture } from "./still-picture";

const WAIT_MILLISECONDS = 1000;
const WAITING =
  "projector waits for the kernel. It is busy with a cell, or was restarted: then run this cell again.";

interface View {
  readonly model: AnyModel;
  readonly el: HTMLElement;
}

function render({ model, el }: View): () => void {
  let isGone = false;
  let frame: PageFrame | null = null;
  const showStill = hideStillPicture(String(model.get("key")));
  const say = (text: string) => {
    const sentence = document.createElement("p");
    sentence.setAttribute("role", "status");
    sentence.textContent = text;
    el.replaceChildren(sentence);
  };
  const timer = setTimeout(() => say(WAITING), WAIT_MILLISECONDS);
  fetchPage(model)
    .then((files) => {
      if (isGone) return;
      frame = new PageFrame(model, files);
      el.replaceChildren(frame.element);
    })
    .catch((error) => {
      if (!isGone) say(`projector cannot be shown here: ${String(error?.message ?? error)}`);
    })
    .finally(() => clearTimeout(timer));
  return () => {
    isGone = true;
    clearTimeout(timer);
    frame?.remove();
    showStill();
  };
}

/** By message and not as part of the widget's state, which may be saved with the notebook. */
async function fetchPage(model: AnyModel): Promise<PageFiles> {
  const line = new Line(model);
  try {
    await line.opened;
    const transport = messageTransport(line, "/");
    const fetched = async (name: string) =>
      readText(await send(transport, { path: ["notebook", name] }));
    const [script, style] = await Promise.all([fetched("page.js"), fetched("page.css")]);
    return { script, style };
  } finally {
    line.close();
  }
}

export default { render };
