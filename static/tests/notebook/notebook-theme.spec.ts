// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { notebookTheme, onNotebookTheme } from "../../src/notebook/notebook-theme";

let prefersDark = false;

beforeEach(() => {
  prefersDark = false;
  vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: prefersDark }));
});

afterEach(() => {
  for (const element of [document.body, document.documentElement]) {
    for (const { name } of [...element.attributes]) element.removeAttribute(name);
  }
});

it.each([
  ["body", "data-jp-theme-light", "false", "dark"],
  ["body", "data-jp-theme-light", "true", "light"],
  ["body", "data-vscode-theme-kind", "vscode-dark", "dark"],
  ["body", "data-vscode-theme-kind", "vscode-light", "light"],
  ["body", "class", "dark dark-theme", "dark"],
  ["html", "theme", "dark", "dark"],
  ["html", "data-theme", "light", "light"],
  ["html", "class", "something", "light"],
])("<%s %s=%s> is %s", (element, name, value, expected) => {
  document.querySelector(element)?.setAttribute(name, value);
  expect(notebookTheme()).toBe(expected);
});

it("what the notebook says counts more than what the system says", () => {
  prefersDark = true;
  expect(notebookTheme()).toBe("dark");
  document.body.setAttribute("data-jp-theme-light", "true");
  expect(notebookTheme()).toBe("light");
});

it("changes are heard until they are not wanted any more", async () => {
  const heard = vi.fn();
  const stop = onNotebookTheme(heard);
  document.body.setAttribute("data-jp-theme-light", "false");
  await vi.waitUntil(() => heard.mock.calls.length > 0);
  document.body.setAttribute("class", "unrelated");
  stop();
  document.body.setAttribute("data-jp-theme-light", "true");
  await new Promise((resolve) => setTimeout(resolve));
  expect(heard.mock.calls).toEqual([["dark"]]);
});
