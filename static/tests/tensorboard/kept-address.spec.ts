import { expect, it } from "vitest";
import { KeptAddress } from "../../src/tensorboard/kept-address";

function storage(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
}

it("keeps the address of each page by itself", () => {
  const shared = storage();
  new KeptAddress(shared, "/a/page/").keep("#x");
  expect(new KeptAddress(shared, "/a/page/").hash).toBe("#x");
  expect(new KeptAddress(shared, "/b/page/").hash).toBe("");
});

it("forgets where the browser keeps nothing", () => {
  const full = {
    getItem: () => null,
    setItem() {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  const kept = new KeptAddress(full, "/page/");
  kept.keep("#x");
  expect(kept.hash).toBe("");
});
