import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createOnce } from "../../../src/app/data/once";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("does the same thing once at a time", async () => {
  const once = createOnce(vi.fn());
  const task = vi.fn(() => new Promise<void>((resolve) => void setTimeout(resolve, 10)));
  const both = Promise.all([once("a", task), once("a", task), once("b", task)]);
  await vi.advanceTimersByTimeAsync(10);
  await both;
  expect(task).toHaveBeenCalledTimes(2);
  void once("a", task);
  expect(task).toHaveBeenCalledTimes(3);
});

it("fails again for the reason of the first time, until a while has passed", async () => {
  const onError = vi.fn();
  const once = createOnce(onError);
  const reason = new Error("The file was deleted.");
  const task = vi.fn(() => Promise.reject(reason));
  await expect(once("a", task)).rejects.toBe(reason);
  await expect(once("a", task)).rejects.toBe(reason);
  expect(task).toHaveBeenCalledOnce();
  expect(onError).toHaveBeenCalledExactlyOnceWith(reason);
  await vi.advanceTimersByTimeAsync(5000);
  await expect(once("a", task)).rejects.toBe(reason);
  expect(task).toHaveBeenCalledTimes(2);
});
