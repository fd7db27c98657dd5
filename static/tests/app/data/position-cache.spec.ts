import { expect, it } from "vitest";
import { createPositionCache } from "../../../src/app/data/position-cache";

it("keeps positions up to a bound, the ones used last", () => {
  const positions = (n: number) => ({ values: new Float32Array(n), dims: 2 as const });
  const cache = createPositionCache(100);
  cache.set("a", positions(10));
  cache.set("b", positions(10));
  cache.get("a");
  cache.set("c", positions(10));
  expect([cache.get("a"), cache.get("b"), cache.get("c")].map(Boolean)).toEqual([
    true,
    false,
    true,
  ]);
  cache.set("huge", positions(1000));
  expect(cache.get("huge")).not.toBeNull();
});
