import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../../src/api/errors";
import { type Frame, HEADER_BYTES, readFrames } from "../../src/api/frames";
import { flat, golden, wire } from "./golden";

/** A stream that hands out `bytes` in chunks of `size`. */
function stream(bytes: ArrayBuffer, size: number, onCancel = () => {}): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.byteLength) return controller.close();
      controller.enqueue(new Uint8Array(bytes.slice(at, at + size)));
      at += size;
    },
    cancel: onCancel,
  });
}

async function collect(source: ReadableStream<Uint8Array>): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of readFrames(source)) frames.push(frame);
  return frames;
}

describe("the stream of frames", () => {
  it.each([1, 3, HEADER_BYTES, 17, 4096])("is read in chunks of %i bytes", async (size) => {
    const frames = await collect(stream(golden("frames.bin"), size));
    const expected = wire["frames.bin"];
    expect(frames).toHaveLength(expected.length);
    frames.forEach((frame, index) => {
      const wanted = expected[index];
      expect(frame.done).toBe(wanted?.done);
      expect(frame.share).toBe(wanted?.fraction);
      expect(frame.isLast).toBe(wanted?.last);
      expect(frame.positions === null).toBe(wanted?.empty);
      if (frame.positions) {
        expect(frame.positions.dims).toBe(wanted?.components);
        expect([...frame.positions.values]).toEqual(flat(wanted?.values ?? []));
      }
    });
  });

  it("shows the frame before where the last one says that it is the same", async () => {
    const frames = await collect(stream(golden("same.bin"), 7));
    expect(frames.map(({ isLast }) => isLast)).toEqual([false, true]);
    expect(frames[1]?.positions).toBe(frames[0]?.positions);
    expect([...(frames[1]?.positions?.values ?? [])]).toEqual(
      flat(wire["same.bin"][1]?.values ?? []),
    );
  });

  it("tells an end without result", async () => {
    const [frame] = await collect(stream(golden("failed.bin"), 4096));
    expect(frame).toMatchObject({ positions: null, isLast: true });
  });

  it("ends at the last frame, and closes the connection", async () => {
    const onCancel = vi.fn();
    const twice = new Uint8Array([
      ...new Uint8Array(golden("failed.bin")),
      ...new Uint8Array(golden("frames.bin")),
    ]);
    expect(await collect(stream(twice.buffer, 8, onCancel))).toHaveLength(1);
    expect(onCancel).toHaveBeenCalledOnce();
  });

  it("closes the connection when the reader of the frames stops early", async () => {
    const onCancel = vi.fn();
    for await (const _ of readFrames(stream(golden("frames.bin"), 8, onCancel))) break;
    expect(onCancel).toHaveBeenCalledOnce();
  });

  it("says that a stream broke off in the middle of a frame", async () => {
    const cut = golden("frames.bin").slice(0, 20);
    await expect(collect(stream(cut, 7))).rejects.toThrow(ApiError);
  });

  it("refuses a payload of a type that it does not know", async () => {
    const bytes = new Uint8Array(golden("frames.bin").slice(0));
    bytes[12] = 9;
    await expect(collect(stream(bytes.buffer, 64))).rejects.toThrow("type 9");
  });
});
