import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PIECE_BYTES } from "../../src/api/channel";
import { keepPicture } from "../../src/notebook/taken-picture";

const page = { live: false, isWhole: true, sizes: [100, 50, 25] };
const scales: number[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  scales.length = 0;
  Object.assign(page, { live: false, isWhole: true, sizes: [100, 50, 25] });
  vi.stubGlobal("window", {
    projector: {
      state: () => ({ live: page.live }),
      stats: () => ({ isWhole: page.isWhole }),
      image(scale: number) {
        scales.push(scale);
        return Promise.resolve(new Blob([new ArrayBuffer(page.sizes[scales.length - 1] ?? 0)]));
      },
    },
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("one picture is taken once what is shown rests", async () => {
  const send = vi.fn<(png: ArrayBuffer) => void>();
  const picture = keepPicture(send);
  for (let at = 0; at < 5; at++) {
    picture.changed();
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(send).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(send).toHaveBeenCalledOnce();
  expect(send.mock.calls[0]?.[0].byteLength).toBe(100);
});

it.each([{ live: true }, { isWhole: false }])("none while points move or lack: %o", async (now) => {
  const send = vi.fn<(png: ArrayBuffer) => void>();
  Object.assign(page, now);
  keepPicture(send).changed();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(send).not.toHaveBeenCalled();
  Object.assign(page, { live: false, isWhole: true });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(send).toHaveBeenCalledOnce();
});

it("one that is too large for a message is taken smaller, or not at all", async () => {
  const send = vi.fn<(png: ArrayBuffer) => void>();
  page.sizes = [2 * PIECE_BYTES, 2 * PIECE_BYTES, 7];
  keepPicture(send).changed();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(scales).toEqual([1, 0.5, 0.25]);
  expect(send.mock.calls[0]?.[0].byteLength).toBe(7);
});
