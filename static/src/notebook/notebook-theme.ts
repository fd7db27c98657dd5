/** Whether the notebook around a cell is light or dark. */
import type { ThemeName } from "../model/color/palette";

/** Where notebooks say it: JupyterLab and Notebook 7, VS Code, marimo, Colab. */
const ATTRIBUTES = [
  "data-jp-theme-light",
  "data-vscode-theme-kind",
  "data-theme",
  "theme",
  "class",
];

export function notebookTheme(): ThemeName {
  const elements = [document.body, document.documentElement];
  for (const element of elements) {
    const isLight = element.getAttribute("data-jp-theme-light");
    if (isLight !== null) return isLight === "false" ? "dark" : "light";
  }
  for (const element of elements) {
    const kind = element.getAttribute("data-vscode-theme-kind");
    if (kind !== null) return kind.includes("light") ? "light" : "dark";
    const named = element.getAttribute("data-theme") ?? element.getAttribute("theme");
    if (named === "dark" || named === "light") return named;
    if (element.classList.contains("dark")) return "dark";
    if (element.classList.contains("light")) return "light";
  }
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Calls back at every change; returns the way to stop. */
export function onNotebookTheme(listener: (theme: ThemeName) => void): () => void {
  let last = notebookTheme();
  const look = () => {
    const now = notebookTheme();
    if (now !== last) listener(now);
    last = now;
  };
  const observer = new MutationObserver(look);
  for (const element of [document.body, document.documentElement]) {
    observer.observe(element, { attributes: true, attributeFilter: ATTRIBUTES });
  }
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", look);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", look);
  };
}
