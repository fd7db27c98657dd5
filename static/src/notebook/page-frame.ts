/**
 * The page in a frame of its own: it has a document for itself, so that its styles, keys, history
 * and title are not the notebook's. The frame has no address, so nothing is fetched by it.
 */
import type { KernelMessage, PageMessage } from "../api/channel";
import type { ThemeName } from "../model/color/palette";
import type { AnyModel } from "./any-model";
import { type Begin, type PageNews, STARTED, type ThemeNews } from "./between";
import { Line } from "./line";
import { notebookTheme, onNotebookTheme } from "./notebook-theme";
import { type Passed, postTo } from "./port-channel";

export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

/** As on the server's page, but for addresses: the frame has no server, so it reaches nothing. */
const POLICY = [
  "default-src 'none'",
  // Panels of plug-ins come over the messages, too.
  "script-src 'unsafe-inline' blob:",
  "style-src 'unsafe-inline'",
  "img-src blob: data:",
  "media-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const DOCUMENT =
  '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
  `<meta http-equiv="Content-Security-Policy" content="${POLICY}">` +
  '<meta name="color-scheme" content="light dark"><title>projector</title></head>' +
  '<body><div id="app"></div></body></html>';

export class PageFrame {
  readonly element = document.createElement("iframe");
  private stopLife: () => void = () => undefined;
  private hash: string;

  constructor(
    private readonly model: AnyModel,
    private readonly files: PageFiles,
  ) {
    this.hash = String(model.get("hash"));
    const { element } = this;
    element.title = "projector";
    element.allow = "fullscreen; clipboard-write";
    element.style.cssText = "display:block;width:100%;border:0;color-scheme:normal";
    element.style.height = `${Number(model.get("height"))}px`;
    element.srcdoc = DOCUMENT;
    // A notebook may take a cell out of its document and put it back: the frame then starts anew.
    element.addEventListener("load", () => this.begin());
  }

  remove(): void {
    this.stopLife();
    this.element.remove();
  }

  private begin(): void {
    this.stopLife();
    const { contentWindow: inside, contentDocument: page } = this.element;
    if (!inside || !page) return;
    const line = new Line(this.model);
    const [kernel, notebook] = [new MessageChannel(), new MessageChannel()];
    joinPorts(line, kernel.port1);
    notebook.port1.onmessage = ({ data }: MessageEvent<PageNews>) => {
      if (data.kind === "address") this.hash = data.hash;
      else line.sendPicture(data.png);
    };
    const tell = (theme: ThemeName) => {
      const news: ThemeNews = { kind: "theme", theme };
      notebook.port1.postMessage(news);
    };
    const stopTheme = onNotebookTheme(tell);
    const start = async () => {
      await line.opened;
      const begin: Begin = { kind: "begin", hash: this.hash, theme: notebookTheme() };
      inside.postMessage(begin, "*", [kernel.port2, notebook.port2]);
    };
    inside.addEventListener(STARTED, () => void start(), { once: true });
    this.stopLife = () => {
      stopTheme();
      line.close();
      kernel.port1.close();
      notebook.port1.close();
    };
    const style = page.createElement("style");
    style.textContent = this.files.style;
    const script = page.createElement("script");
    script.type = "module";
    script.textContent = this.files.script;
    page.head.append(style, script);
  }
}

/** Pass on what comes at either end. */
function joinPorts(line: Line, port: MessagePort): void {
  line.listen((message: KernelMessage, body) => postTo(port, message, body));
  port.onmessage = ({ data }: MessageEvent<Passed<PageMessage>>) =>
    line.post(data.message, data.body ?? undefined);
}
