import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AnyModel, Buffers } from "../../src/notebook/any-model";
import { Line } from "../../src/notebook/line";

interface Said {
  readonly view: string;
  readonly kind: string;
  readonly data?: string;
}

/** A widget's model, whose kernel is the test. */
class FakeModel implements AnyModel {
  readonly said: { readonly message: Said; readonly sizes: readonly number[] }[] = [];
  private readonly listeners = new Map<string, Set<(...event: never[]) => void>>();

  get(): unknown {
    return undefined;
  }

  send(content: unknown, _?: unknown, buffers: readonly ArrayBuffer[] = []): void {
    this.said.push({ message: content as Said, sizes: buffers.map((each) => each.byteLength) });
  }

  on(name: string, listener: (...event: never[]) => void): void {
    const all = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, all.add(listener));
  }

  off(name: string, listener: (...event: never[]) => void): void {
    this.listeners.get(name)?.delete(listener);
  }

  emit(name: string, ...event: unknown[]): void {
    for (const listener of this.listeners.get(name) ?? []) listener(...(event as never[]));
  }

  hear(message: object, buffers: Buffers = []): void {
    this.emit("msg:custom", message, buffers);
  }

  get nListeners(): number {
    return [...this.listeners.values()].reduce((n, each) => n + each.size, 0);
  }
}

let model: FakeModel;
let line: Line;
let view: string;
const heard = vi.fn();

beforeEach(() => {
  heard.mockClear();
  model = new FakeModel();
  line = new Line(model);
  line.listen(heard);
  view = model.said[0]?.message.view ?? "";
});

const kinds = () => model.said.map(({ message }) => message.kind);
const bytes = (...numbers: number[]) => new Uint8Array(numbers);

describe("a line to the kernel", () => {
  it("opens once the kernel has answered", async () => {
    expect(kinds()).toEqual(["hello"]);
    expect(model.said[0]?.sizes).toEqual([4]);
    model.hear({ view, kind: "welcome", binary: true }, [bytes(0, 1, 2, 3)]);
    await line.opened;
    line.post({ kind: "body", id: 1 }, bytes(1, 2).buffer);
    expect(model.said.at(-1)).toEqual({ message: { view, kind: "body", id: 1 }, sizes: [2] });
  });

  it("hears only what is meant for its own page", () => {
    model.hear({ view: "another", kind: "taken", id: 1 });
    expect(heard).not.toHaveBeenCalled();
    model.hear({ view, kind: "taken", id: 1 });
    expect(heard).toHaveBeenCalledOnce();
  });

  it("takes a buffer out of the message that it is a part of", () => {
    const whole = bytes(9, 9, 1, 2, 9);
    model.hear({ view, kind: "chunk", id: 1 }, [new DataView(whole.buffer, 2, 2)]);
    expect(new Uint8Array(heard.mock.calls[0]?.[1] as ArrayBuffer)).toEqual(bytes(1, 2));
  });

  it("sends text where buffers get lost, and asks for text", () => {
    model.hear({ view, kind: "welcome", binary: false }, []);
    expect(kinds()).toEqual(["hello", "text"]);
    line.post({ kind: "body", id: 1 }, bytes(0, 255).buffer);
    expect(model.said.at(-1)).toEqual({
      message: { view, kind: "body", id: 1, data: "AP8=" },
      sizes: [],
    });
    model.hear({ view, kind: "chunk", id: 1, data: "AP8=" });
    expect(new Uint8Array(heard.mock.calls[0]?.[1] as ArrayBuffer)).toEqual(bytes(0, 255));
  });

  it.each(["comm:close", "comm_live_update"])("is over when the kernel is: %s", (event) => {
    model.emit(event);
    expect(heard.mock.calls[0]?.[0]).toEqual({ kind: "over" });
  });

  it("leaves nothing behind", () => {
    line.close();
    expect(kinds()).toEqual(["hello", "gone"]);
    expect(model.nListeners).toBe(0);
    model.hear({ view, kind: "taken", id: 1 });
    expect(heard).not.toHaveBeenCalled();
  });
});
