import { expect, it, vi } from "vitest";
import { type Handlers, handle } from "../../src/store/handlers";
import type { RequestKind } from "../../src/store/requests";
import { createStore } from "../../src/store/store";

it("does what is asked for by the handler of its kind, and knows the view", () => {
  const store = createStore();
  const roll = vi.fn();
  const stop = handle(store, { roll }, vi.fn());
  const request = { kind: "roll", degrees: 15 } as const;
  store.request(request);
  store.request({ kind: "home" });
  expect(roll).toHaveBeenCalledExactlyOnceWith(request, store);
  stop();
  store.request(request);
  expect(roll).toHaveBeenCalledOnce();
});

it("reports what could not be done, at once or later", async () => {
  const store = createStore();
  const onError = vi.fn();
  const [now, later] = [new Error("now"), new Error("later")];
  const home = () => {
    throw now;
  };
  handle(store, { home, run: () => Promise.reject(later) }, onError);
  store.request({ kind: "home" });
  store.request({ kind: "run" });
  await Promise.resolve();
  expect(onError.mock.calls).toEqual([[now], [later]]);
});

it("does not compile where a kind has no handler", () => {
  // @ts-expect-error: all other kinds are missing.
  const some: Handlers = { home: () => undefined };
  // @ts-expect-error: there is no such kind.
  const wrong: RequestKind = "fly away";
  expect([Object.keys(some), wrong]).toEqual([["home"], "fly away"]);
});
