import { describe, expect, it, vi } from "vitest";
import { HOME_2D, viewOf } from "../../../src/model/camera/camera";
import type { Renderer } from "../../../src/render/gpu/renderer";
import { ScreenGrid } from "../../../src/render/input/cpu-picking";
import { HoverQueries } from "../../../src/render/loop/hover-queries";
import { appearanceOf } from "../../../src/render/scene/appearance";
import { Scene } from "../../../src/render/scene/scene";

const AT = { x: 10, y: 20 };
const ELSEWHERE = { x: 30, y: 40 };

/** A renderer whose answers come when the test says so. */
function slowRenderer() {
  const asked: { x: number; y: number }[] = [];
  let pending: ((index: number | null) => void) | null = null;
  let found: number | null | undefined;
  const renderer = {
    pick(_: unknown, __: unknown, ___: unknown, at: typeof AT, answer: typeof pending) {
      asked.push(at);
      pending = answer;
      return true;
    },
    pollPick() {
      if (found === undefined) return false;
      const index = found;
      found = undefined;
      pending?.(index);
      return true;
    },
  } as unknown as Renderer;
  return { renderer, asked, answer: (index: number | null) => (found = index) };
}

function set(nPoints = 5) {
  const { renderer, asked, answer } = slowRenderer();
  const scene = new Scene();
  scene.setPositions({ values: new Float32Array(nPoints * 2), dims: 2 }, 0, 0);
  const view = viewOf(HOME_2D, { width: 100, height: 100 });
  const appearance = appearanceOf(view, {
    nPoints,
    nEmphasized: 0,
    zoom: 1,
    pointScale: 1,
    opacityScale: 1,
  });
  const onHover = vi.fn();
  const queries = new HoverQueries(onHover);
  const step = (grid: ScreenGrid | null = null) =>
    queries.step({ renderer, scene, view, appearance, grid });
  return { queries, step, asked, answer, onHover, scene };
}

describe("hovering", () => {
  it("reports another point once", () => {
    const { queries, step, answer, onHover } = set();
    for (const index of [3, 3, 4]) {
      queries.pointAt(AT);
      step();
      answer(index);
      step();
    }
    expect(onHover.mock.calls).toEqual([[3], [4]]);
    expect(queries.hasWork).toBe(false);
  });

  it("asks for the newest place only, and for one at a time", () => {
    const { queries, step, asked, answer } = set();
    queries.pointAt(AT);
    step();
    queries.pointAt({ x: 1, y: 1 });
    queries.pointAt(ELSEWHERE);
    step();
    expect(asked).toEqual([AT]);
    answer(null);
    step();
    expect(asked).toEqual([AT, ELSEWHERE]);
  });

  it("reports nothing for a pointer that has left meanwhile", () => {
    const { queries, step, answer, onHover } = set();
    queries.pointAt(AT);
    step();
    queries.pointAt(null);
    answer(3);
    step();
    expect(onHover).not.toHaveBeenCalled();
  });

  it("reports the end of a hover when the pointer leaves", () => {
    const { queries, step, answer, onHover } = set();
    queries.pointAt(AT);
    step();
    answer(3);
    step();
    queries.pointAt(null);
    expect(onHover.mock.calls).toEqual([[3], [null]]);
  });

  it("is repeated under a resting pointer when the picture has changed", () => {
    const { queries, step, asked, answer } = set();
    queries.pointAt(AT);
    step();
    answer(null);
    step();
    queries.repeat();
    step();
    expect(asked).toEqual([AT, AT]);
    queries.pointAt(null);
    queries.repeat();
    expect(queries.hasWork).toBe(true);
  });

  it("waits until the grid is full", () => {
    const { queries, step, asked } = set();
    const grid = new ScreenGrid();
    const fill = vi.spyOn(grid, "fill").mockReturnValueOnce(false);
    queries.pointAt(AT);
    step(grid);
    expect(asked).toEqual([]);
    step(grid);
    expect(asked).toEqual([AT]);
    expect(fill).toHaveBeenCalledTimes(2);
  });
});

describe("clicks", () => {
  it("are answered before hovers, and each of them", () => {
    const { queries, step, asked, answer } = set();
    const [first, second] = [vi.fn(), vi.fn()];
    queries.pointAt(ELSEWHERE);
    queries.click(AT, first);
    queries.click(AT, second);
    step();
    answer(1);
    step();
    answer(null);
    step();
    expect(first).toHaveBeenCalledExactlyOnceWith(1);
    expect(second).toHaveBeenCalledExactlyOnceWith(null);
    expect(asked).toEqual([AT, AT, ELSEWHERE]);
  });

  it("hit nothing where there are no points", () => {
    const { queries, step, asked } = set(0);
    const answer = vi.fn();
    queries.click(AT, answer);
    step();
    expect(answer).toHaveBeenCalledExactlyOnceWith(null);
    expect(asked).toEqual([]);
  });

  it("are forgotten with a lost context, but the hover is asked for again", () => {
    const { queries, step, asked } = set();
    const answer = vi.fn();
    queries.pointAt(ELSEWHERE);
    queries.click(AT, answer);
    step();
    queries.reset();
    step();
    expect(asked).toEqual([AT, ELSEWHERE]);
    expect(answer).not.toHaveBeenCalled();
  });
});
