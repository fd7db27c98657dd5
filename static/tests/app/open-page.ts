/** A page without a browser: its controllers, a fake server, a fake clock. */
import { afterEach, beforeEach, vi } from "vitest";
import { createApi } from "../../src/api/api";
import { type RunningPage, startPage } from "../../src/app/page/start-page";
import { createRootStore, type RootStore, type Store, scope } from "../../src/store/store";
import { type FakeBrowser, type FakeCloud, fakeBrowser, fakeCloud } from "./fake-browser";
import { FakeServer } from "./fake-server";

export interface OpenPage {
  readonly root: RootStore;
  readonly server: FakeServer;
  readonly browser: FakeBrowser;
  readonly cloud: FakeCloud;
  readonly page: RunningPage;
  /** Of the view that the page starts with. */
  readonly one: Store;
}

/** Every test has a clock of its own, and its pages are closed behind it. */
export function useFakeClock(): void {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    for (const page of opened.splice(0)) page.stop();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
}

const opened: RunningPage[] = [];

/** Open the page and wait until what needs no clock has come. */
export async function openPage(
  hash = "",
  server = new FakeServer(),
  prepare: (browser: FakeBrowser) => void = () => undefined,
): Promise<OpenPage> {
  const browser = fakeBrowser(hash);
  prepare(browser);
  const root = createRootStore();
  const cloud = fakeCloud();
  const page = startPage(root, createApi(server), cloud.createCloud);
  opened.push(page);
  await pass();
  server.openEvents();
  await pass();
  return { root, server, browser, cloud, page, one: scope(root, "1") };
}

/** Let time pass, and let everything happen that is due by then. */
export async function pass(milliseconds = 0): Promise<void> {
  // Code that comes when it is first needed takes no time of the clock.
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(milliseconds);
  await vi.dynamicImportSettled();
}
