/**
 * Draws panels into a document without a browser. A spec that uses it says so in its first line:
 * `// @vitest-environment jsdom`.
 */
import { configure, fireEvent, screen } from "@testing-library/dom";
import { type JSX, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach } from "vitest";
import { httpTransport } from "../../src/api/http-transport";
import { mediaApi } from "../../src/api/media";
import { PanelContext } from "../../src/panels/context";
import { datasetLoaded } from "../../src/store/actions/data";
import { listingLoaded, methodsLoaded } from "../../src/store/actions/place";
import { projectionHeard, showPositions } from "../../src/store/actions/projection";
import { type Derived, derive } from "../../src/store/derived/derived";
import type { PageRequest } from "../../src/store/requests";
import { INITIAL_STATE, type State } from "../../src/store/state/state";
import { type Action, createStore, type Store } from "../../src/store/store";
import { dataset, listing, methods, projection } from "../store/fixtures";

export interface Drawn {
  readonly store: Store;
  readonly derived: Derived;
  readonly state: () => State;
  /** What the panel has asked for beyond a change of state. */
  readonly requests: readonly PageRequest[];
  dispatch(...actions: Action[]): void;
}

// The first line says what was not found; the whole document after it hides that.
configure({ getElementError: (message) => new Error(message?.split("\n")[0] ?? "") });

let root: HTMLElement | null = null;

afterEach(() => {
  if (root) render(null, root);
  root?.remove();
  root = null;
});

/** Draw a panel over the state that some actions lead to. */
export function draw(panel: JSX.Element, ...actions: Action[]): Drawn {
  fillGaps();
  const held = createStore(actions.reduce((state, action) => action(state), INITIAL_STATE));
  const requests: PageRequest[] = [];
  const ask = (request: PageRequest) => requests.push(request);
  const store: Store = Object.create(held, { request: { value: ask } });
  const element = document.createElement("div");
  root = element;
  document.body.append(element);
  const derived = derive(store);
  const parts = { store, derived, media: mediaApi(httpTransport("api/v1/")) };
  void act(() =>
    render(<PanelContext.Provider value={parts}>{panel}</PanelContext.Provider>, element),
  );
  return {
    store,
    derived,
    state: () => store.state.peek(),
    requests,
    dispatch: (...more) =>
      void act(() => {
        for (const action of more) store.dispatch(action);
      }),
  };
}

/** The log of the fixtures, with its first dataset, as it is before anything is computed. */
export const OPENED: readonly Action[] = [
  listingLoaded(listing, { run: "a", step: 10 }),
  methodsLoaded(methods),
  datasetLoaded(dataset, "r1"),
];

/** The same, with a finished projection on the screen. */
export const SHOWN: readonly Action[] = [
  ...OPENED,
  projectionHeard(projection({ id: "p0", method: "pca", state: "done", n_kept: 3 })),
  showPositions({
    dataset: dataset.id,
    projection: "p0",
    method: "pca",
    params: {},
    components: [0, 1],
    positions: { values: new Float32Array(6), dims: 2 },
    isLive: false,
  }),
];

export function click(element: Element): void {
  void act(() => {
    fireEvent.click(element);
  });
}

/** Put a text into a field, or choose an option by its value. */
export function fill(element: Element, value: string): void {
  void act(() => {
    const isChoice = element instanceof HTMLSelectElement;
    fireEvent[isChoice ? "change" : "input"](element, { target: { value } });
  });
}

/** Leave a field whose text counts once it is left. */
export function leave(element: Element, value: string): void {
  void act(() => {
    fireEvent.change(element, { target: { value } });
    fireEvent.blur(element);
  });
}

export function press(element: Element, key: string): void {
  void act(() => {
    fireEvent.keyDown(element, { key });
  });
}

/** What is drawn, as a person reads it. */
export function shownText(): string {
  return (root?.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** Unfold every group: what is folded away is not there for a screen reader. */
export function unfold(): void {
  for (const each of document.querySelectorAll("details")) each.open = true;
}

export { screen };

/** What jsdom lacks, as far as panels rest on it. Nothing has a size here. */
function fillGaps(): void {
  const dialog = HTMLDialogElement.prototype;
  dialog.showModal ??= function show(this: HTMLDialogElement) {
    this.open = true;
  };
  dialog.close ??= function close(this: HTMLDialogElement) {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  };
  Element.prototype.scrollIntoView ??= () => undefined;
  globalThis.matchMedia ??= (media) =>
    Object.assign(new EventTarget(), { media, matches: false }) as MediaQueryList;
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
}
