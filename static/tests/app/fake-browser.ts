/** As much of a browser as the page's controllers need: events, storage, an address. */
import { vi } from "vitest";
import { type CameraState, HOME_2D } from "../../src/model/camera/camera";
import { createNullCloud } from "../../src/render/null-cloud";
import type { Cloud, CloudEvents, CreateCloud } from "../../src/render/scene/types";

export interface FakeBrowser {
  readonly window: EventTarget & { location: { hash: string; protocol: string } };
  readonly document: EventTarget & { hidden: boolean };
  readonly storage: Map<string, string>;
  /** Addresses that the page wrote, oldest first. */
  readonly addresses: readonly string[];
  /** Names of files that the page gave to the browser to keep, oldest first. */
  readonly downloads: readonly string[];
  /** Whether the browser's storage refuses to keep anything. */
  isStorageFull: boolean;
}

/** Put it in the place of the globals; `vi.unstubAllGlobals()` takes it away. */
export function fakeBrowser(hash = ""): FakeBrowser {
  const addresses: string[] = [];
  const downloads: string[] = [];
  const storage = new Map<string, string>();
  const location = { hash, href: `http://localhost/${hash}`, protocol: "http:" };
  const matchMedia = () => Object.assign(new EventTarget(), { matches: false });
  const window = Object.assign(new EventTarget(), { location, matchMedia });
  const document = Object.assign(new EventTarget(), {
    hidden: false,
    documentElement: { setAttribute: () => undefined },
    fullscreenElement: null,
    createElement: () => new FakeElement(downloads),
    getElementById: () => null,
    querySelector: () => null,
  });
  const browser = { window, document, storage, addresses, downloads, isStorageFull: false };
  vi.stubGlobal("window", window);
  vi.stubGlobal("document", document);
  vi.stubGlobal("location", location);
  vi.stubGlobal("getComputedStyle", () => ({ getPropertyValue: () => "#000000" }));
  vi.stubGlobal("history", {
    replaceState: (_: unknown, __: string, address: string) => addresses.push(address),
  });
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem(key: string, text: string) {
      if (browser.isStorageFull) throw new Error("full");
      storage.set(key, text);
    },
    removeItem: (key: string) => storage.delete(key),
  });
  // What the page asks of the target of an event.
  for (const name of ["HTMLElement", "HTMLInputElement", "HTMLTextAreaElement"]) {
    vi.stubGlobal(name, FakeElement);
  }
  vi.stubGlobal("HTMLSelectElement", class {});
  vi.stubGlobal("Element", FakeElement);
  vi.stubGlobal(
    "URL",
    Object.assign(URL, { createObjectURL: () => "blob:", revokeObjectURL() {} }),
  );
  return browser;
}

/** An element, a link or a field, as needed. */
export class FakeElement extends EventTarget {
  className = "";
  download = "";
  type = "text";
  multiple = false;
  files: readonly File[] = [];
  constructor(private readonly downloads: string[] = []) {
    super();
  }
  /** A link with a name for the file is a download. */
  click(): void {
    if (this.download !== "") this.downloads.push(this.download);
  }
  blur(): void {}
  closest(): null {
    return null;
  }
  getBoundingClientRect() {
    return { left: 10, top: 20, width: 100, height: 100 };
  }
}

/** An event with the fields that a listener reads. */
export function eventWith<T extends object>(name: string, fields: T): Event & T {
  return Object.assign(new Event(name, { cancelable: true }), fields);
}

export interface FakeCloud {
  readonly createCloud: CreateCloud;
  /** What the page hears of the plot, as it was given to the last cloud. */
  readonly events: CloudEvents;
  /** Names of the methods that were called, of all clouds. */
  readonly calls: readonly string[];
  /** How many clouds there are that were not disposed of. */
  readonly nOpen: number;
}

/** A renderer that draws nothing and remembers what it was asked for. */
export function fakeCloud(): FakeCloud {
  const calls: string[] = [];
  const heard: CloudEvents[] = [];
  let nOpen = 0;
  const createCloud: CreateCloud = (_, events) => {
    heard.push(events);
    nOpen += 1;
    let camera: CameraState = HOME_2D;
    const own: Partial<Cloud> = {
      canDrawDensity: true,
      camera: () => camera,
      setCamera(next) {
        camera = next;
        calls.push("setCamera");
      },
      screenPosition: (index) => ({ x: index, y: index, depth: 0.5 }),
      pointsInView: () => null,
      standouts: () => new Uint32Array(0),
      shareInView: () => 1,
      stats: () => createNullCloud().stats(),
      toBlob: () => Promise.resolve(new Blob(["png"])),
      toSvg: () => Promise.resolve("<svg/>"),
      dispose() {
        nOpen -= 1;
      },
    };
    return new Proxy(own, {
      get: (target, name: keyof Cloud) => target[name] ?? (() => void calls.push(name)),
    }) as Cloud;
  };
  return {
    createCloud,
    calls,
    get events() {
      const last = heard.at(-1);
      if (!last) throw new Error("There is no plot yet.");
      return last;
    },
    get nOpen() {
      return nOpen;
    },
  };
}
