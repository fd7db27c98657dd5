import { signal } from "@preact/signals";
import { describe, expect, it, vi } from "vitest";
import { latest, pause, until } from "../../../src/app/browser/latest";

describe("only the newest is answered", () => {
  it("aborts what was asked before", async () => {
    const source = signal(1);
    const seen: number[] = [];
    const onError = vi.fn();
    const stop = latest(
      source,
      async (value, abort) => {
        await pause(5, abort);
        seen.push(value);
      },
      onError,
    );
    source.value = 2;
    source.value = 3;
    await new Promise((resolve) => setTimeout(resolve, 30));
    stop();
    expect(seen).toEqual([3]);
    expect(onError).not.toHaveBeenCalled();
  });

  it("tells of an error, but not of one that nobody waits for", async () => {
    const source = signal(1);
    const onError = vi.fn();
    const stop = latest(
      source,
      async (value) => {
        await Promise.resolve();
        throw new Error(String(value));
      },
      onError,
    );
    source.value = 2;
    await new Promise((resolve) => setTimeout(resolve, 5));
    stop();
    expect(onError).toHaveBeenCalledOnce();
    expect(onError.mock.calls[0]?.[0]).toEqual(new Error("2"));
  });

  it("waits until a value passes, or is told to stop", async () => {
    const source = signal(0);
    const { signal: open } = new AbortController();
    const wait = until(source, (value) => value > 1, open);
    source.value = 1;
    source.value = 2;
    await expect(wait).resolves.toBe(2);
    const control = new AbortController();
    const never = until(source, () => false, control.signal);
    control.abort();
    await expect(never).rejects.toThrow();
  });
});
