import { describe, expect, it, vi } from "vitest";
import { type CameraState, HOME_2D, HOME_3D } from "../../../src/model/camera/camera";
import { Controls } from "../../../src/render/input/controls";
import type { Tool } from "../../../src/render/scene/types";
import { FakeCanvas } from "../../fakes/fake-canvas";

const NO_KEYS = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };

function set({ camera = HOME_3D as CameraState, tool = "navigate" as Tool } = {}) {
  const canvas = new FakeCanvas(null);
  let now = camera;
  const host = {
    camera: () => now,
    viewport: () => ({ width: 400, height: 300 }),
    tool: () => tool,
    turning: () => "trackball" as const,
    moveCamera: vi.fn((next: CameraState) => {
      now = next;
    }),
    pointAt: vi.fn(),
    click: vi.fn(),
    drawRegion: vi.fn(),
    select: vi.fn(),
  };
  const controls = new Controls(canvas as unknown as HTMLCanvasElement, host);
  const send = (type: string, x: number, y: number, more: object = {}) => {
    const base = { pointerId: 1, button: 0, pointerType: "mouse", deltaMode: 0, ...NO_KEYS };
    canvas.dispatchEvent(
      Object.assign(new Event(type, { cancelable: true }), base, { clientX: x, clientY: y }, more),
    );
  };
  return { canvas, host, controls, send };
}

describe("a press without a movement", () => {
  it("is a click, also with a trembling hand", () => {
    const { host, send } = set();
    send("pointerdown", 50, 60);
    send("pointermove", 52, 61);
    send("pointerup", 52, 61);
    expect(host.click).toHaveBeenCalledExactlyOnceWith({ x: 52, y: 61 }, "replace");
    expect(host.moveCamera).not.toHaveBeenCalled();
  });

  it("adds to the selection with a key held", () => {
    const { host, send } = set();
    send("pointerdown", 50, 60, { shiftKey: true });
    send("pointerup", 50, 60, { shiftKey: true });
    expect(host.click).toHaveBeenCalledExactlyOnceWith({ x: 50, y: 60 }, "add");
  });

  it("is no click with the right button", () => {
    const { host, send } = set();
    send("pointerdown", 50, 60, { button: 2 });
    send("pointerup", 50, 60, { button: 2 });
    expect(host.click).not.toHaveBeenCalled();
  });
});

describe("a drag", () => {
  it("turns the cloud, and hovers over nothing meanwhile", () => {
    const { canvas, host, controls, send } = set();
    send("pointerdown", 50, 60);
    send("pointermove", 90, 60);
    expect(controls.isDragging).toBe(true);
    expect(canvas.style.cursor).toBe("grabbing");
    expect(host.pointAt).toHaveBeenLastCalledWith(null);
    expect(host.moveCamera).toHaveBeenCalledOnce();
    expect(host.moveCamera.mock.calls[0]?.[0].rotation).not.toEqual(HOME_3D.rotation);
    send("pointerup", 90, 60);
    expect(host.click).not.toHaveBeenCalled();
    expect(host.pointAt).toHaveBeenLastCalledWith({ x: 90, y: 60 });
    expect(canvas.style.cursor).toBe("grab");
  });

  it("selects a box with the tool for it", () => {
    const { host, send } = set({ tool: "box" });
    send("pointerdown", 90, 60);
    send("pointermove", 50, 80, { altKey: true });
    const box = { kind: "box", left: 50, top: 60, right: 90, bottom: 80 };
    expect(host.drawRegion).toHaveBeenLastCalledWith(box);
    // A key pressed on the way counts as well as one held from the start.
    send("pointerup", 50, 80, { altKey: true });
    expect(host.select).toHaveBeenCalledExactlyOnceWith(box, "subtract");
    expect(host.drawRegion).toHaveBeenLastCalledWith(null);
  });

  it("selects a lasso, without points too close to be told apart", () => {
    const { host, send } = set({ tool: "lasso" });
    send("pointerdown", 10, 10);
    for (const [x, y] of [
      [40, 10],
      [40.5, 10.5],
      [40, 50],
    ] as const) {
      send("pointermove", x, y);
    }
    send("pointerup", 40, 50);
    const path = [10, 10, 40, 10, 40, 50];
    expect(host.select).toHaveBeenCalledExactlyOnceWith({ kind: "lasso", path }, "replace");
  });

  it("is given up with Escape, and when the browser takes the pointer away", () => {
    for (const end of ["keydown", "pointercancel"]) {
      const { host, send } = set({ tool: "box" });
      send("pointerdown", 10, 10);
      send("pointermove", 60, 60);
      send(end, 60, 60, { key: "Escape" });
      send("pointerup", 60, 60);
      expect(host.drawRegion).toHaveBeenLastCalledWith(null);
      expect(host.select).not.toHaveBeenCalled();
    }
  });
});

describe("two fingers", () => {
  const touch = (pointerId: number) => ({ pointerId, pointerType: "touch" });

  it("zoom, and give up what the first one began", () => {
    const { host, send } = set({ camera: HOME_2D, tool: "box" });
    send("pointerdown", 100, 100, touch(1));
    send("pointermove", 150, 150, touch(1));
    send("pointerdown", 200, 150, touch(2));
    expect(host.drawRegion).toHaveBeenLastCalledWith(null);
    send("pointermove", 250, 150, touch(2));
    expect(host.camera().zoom).toBeCloseTo(2);
    send("pointerup", 250, 150, touch(2));
    send("pointerup", 150, 150, touch(1));
    expect(host.select).not.toHaveBeenCalled();
    expect(host.click).not.toHaveBeenCalled();
  });

  it("turn a flat cloud only when they twist by more than a little", () => {
    const turned = (dy: number) => {
      const { host, send } = set({ camera: HOME_2D });
      send("pointerdown", 100, 100, touch(1));
      send("pointerdown", 200, 100, touch(2));
      for (let step = 1; step <= 10; step++) {
        send("pointermove", 200, 100 + (dy * step) / 10, touch(2));
      }
      return Math.abs(host.camera().rotation[2]);
    };
    expect(turned(8)).toBe(0);
    expect(turned(80)).toBeGreaterThan(0.05);
  });
});

describe("wheel and keys", () => {
  it("zoom towards the pointer", () => {
    const { host, send } = set();
    send("wheel", 100, 100, { deltaY: -100 });
    expect(host.camera().zoom).toBeGreaterThan(1);
    expect(host.moveCamera.mock.calls[0]).toHaveLength(2);
  });

  it("fly home, and leave other keys to the page", () => {
    const { host, send } = set();
    send("keydown", 0, 0, { key: "Home" });
    expect(host.moveCamera).toHaveBeenLastCalledWith(HOME_3D, true);
    send("keydown", 0, 0, { key: "q" });
    expect(host.moveCamera).toHaveBeenCalledOnce();
  });
});

describe("hovering", () => {
  it("follows a mouse, and no finger", () => {
    const { host, send } = set();
    send("pointermove", 5, 6);
    expect(host.pointAt).toHaveBeenLastCalledWith({ x: 5, y: 6 });
    send("pointermove", 7, 8, { pointerType: "touch" });
    expect(host.pointAt).toHaveBeenCalledOnce();
    send("pointerleave", 0, 0);
    expect(host.pointAt).toHaveBeenLastCalledWith(null);
  });
});

describe("the end", () => {
  it("leaves the canvas alone", () => {
    const { host, controls, send } = set();
    controls.dispose();
    send("pointermove", 5, 6);
    expect(host.pointAt).not.toHaveBeenCalled();
  });
});
