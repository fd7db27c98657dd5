import { afterEach, expect, it, vi } from "vitest";
import { PageAddress } from "../../../src/app/browser/address";
import { fakeBrowser } from "../fake-browser";

afterEach(() => void vi.unstubAllGlobals());

it("is the document's where it has one", () => {
  const { window, addresses } = fakeBrowser("#run=a");
  const address = new PageAddress();
  expect(address.hash).toBe("#run=a");
  window.location.hash = "#run=b";
  expect(address.hash).toBe("#run=b");
  address.replace("run=c");
  expect(addresses).toEqual(["#run=c"]);
  expect(address.isReal).toBe(true);
});

it.each(["about:", "blob:", "data:"])("is kept in the page where it is %s", (protocol) => {
  const { window, addresses } = fakeBrowser();
  window.location.protocol = protocol;
  const address = new PageAddress();
  expect([address.isReal, address.hash]).toEqual([false, ""]);
  address.replace("run=c");
  expect([address.isReal, address.hash]).toEqual([false, "#run=c"]);
  expect(addresses).toEqual([]);
});

it("is kept in the page once the browser forbids to change it", () => {
  fakeBrowser("#run=a");
  const refuse = () => {
    throw new DOMException("not here", "SecurityError");
  };
  vi.stubGlobal("history", { replaceState: refuse });
  const address = new PageAddress();
  expect(address.isReal).toBe(true);
  address.replace("run=c");
  expect([address.isReal, address.hash]).toEqual([false, "#run=c"]);
});

it("hides no other error", () => {
  fakeBrowser();
  const fail = () => {
    throw new TypeError("a defect");
  };
  vi.stubGlobal("history", { replaceState: fail });
  expect(() => new PageAddress().replace("x")).toThrow("a defect");
});
