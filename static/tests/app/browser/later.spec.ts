import { signal } from "@preact/signals";
import { describe, expect, it, vi } from "vitest";
import { Later, onceMade } from "../../../src/app/browser/later";

/** A part whose code comes when the test says so. */
function part() {
  let arrive: (code: string) => void = () => undefined;
  const coming = new Promise<string>((resolve) => {
    arrive = resolve;
  });
  const load = vi.fn(() => coming);
  const made = { stop: vi.fn() };
  const start = vi.fn((_: string) => made);
  return { arrive, load, made, start, later: new Later(load, start) };
}

describe("a part whose code comes later", () => {
  it("is started once, also by two who ask before the code has come", async () => {
    const { arrive, load, made, start, later } = part();
    const asked = [later.get(), later.get()];
    expect(start).not.toHaveBeenCalled();
    arrive("code");
    expect(await Promise.all(asked)).toEqual([made, made]);
    expect(await later.get()).toBe(made);
    expect(load).toHaveBeenCalledOnce();
    expect(start.mock.calls).toEqual([["code"]]);
    later.stop();
    expect(made.stop).toHaveBeenCalledOnce();
  });

  it("is not started after the page was closed", async () => {
    const { arrive, start, later } = part();
    const asked = later.get();
    later.stop();
    arrive("code");
    expect(await asked).toBeNull();
    expect(start).not.toHaveBeenCalled();
  });

  it("starts when a signal first says so, and stops with the waiting", async () => {
    const { arrive, load, made, start, later } = part();
    const isWanted = signal(false);
    const stop = later.when(isWanted);
    expect(load).not.toHaveBeenCalled();
    arrive("code");
    isWanted.value = true;
    await later.get();
    isWanted.value = false;
    isWanted.value = true;
    await later.get();
    expect(start).toHaveBeenCalledOnce();
    stop();
    expect(made.stop).toHaveBeenCalledOnce();
  });

  it("waits for nothing any more once it is stopped", () => {
    const { load, later } = part();
    const isWanted = signal(false);
    later.when(isWanted)();
    isWanted.value = true;
    expect(load).not.toHaveBeenCalled();
  });

  it("is tried again where its code did not come", async () => {
    const make = vi.fn(async () => "code").mockRejectedValueOnce(new Error("away"));
    const get = onceMade(make);
    await expect(get()).rejects.toThrow("away");
    expect([await get(), await get()]).toEqual(["code", "code"]);
    expect(make).toHaveBeenCalledTimes(2);
  });
});
