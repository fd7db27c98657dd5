import { describe, expect, it } from "vitest";
import {
  AT_TOP,
  heightOf,
  isStuck,
  MAX_HEIGHT,
  placeOfRow,
  type RowScroll,
  scrolledTo,
  settled,
  showRow,
  visibleRows,
} from "../../../src/model/data/row-window";

const few = { count: 100, rowHeight: 24, view: 240 };
const many = { count: 20_000_000, rowHeight: 24, view: 240 };

describe("a short list", () => {
  it("is scrolled as the browser does", () => {
    expect(heightOf(few)).toBe(2400);
    const scroll = scrolledTo(few, AT_TOP, 480);
    expect(visibleRows(few, scroll)).toEqual({ first: 14, end: 36 });
    expect(placeOfRow(few, scroll, 20)).toBe(480);
    expect(isStuck(few, scroll)).toBe(false);
    expect(settled(few, scroll)).toEqual(scroll);
  });

  it("brings a row into sight by as little as it takes", () => {
    expect(showRow(few, AT_TOP, 9)).toBe(AT_TOP);
    expect(showRow(few, AT_TOP, 10)).toEqual({ offset: 24, top: 24 });
    expect(showRow(few, { offset: 480, top: 480 }, 5)).toEqual({ offset: 120, top: 120 });
    expect(showRow(few, AT_TOP, 99)).toEqual({ offset: 2160, top: 2160 });
  });

  it("may be empty", () => {
    expect(visibleRows({ ...few, count: 0 }, AT_TOP)).toEqual({ first: 0, end: 0 });
  });
});

describe("a list that is higher than any element", () => {
  it("is drawn in one that browsers can lay out", () => {
    expect(heightOf(many)).toBe(MAX_HEIGHT);
  });

  it("is reached as a whole by the bar", () => {
    const end = scrolledTo(many, AT_TOP, MAX_HEIGHT - many.view);
    expect(visibleRows(many, end).end).toBe(many.count);
    expect(placeOfRow(many, end, many.count - 1)).toBe(MAX_HEIGHT - many.rowHeight);
    const half = scrolledTo(many, AT_TOP, (MAX_HEIGHT - many.view) / 2);
    expect(visibleRows(many, half).first / many.count).toBeCloseTo(0.5, 5);
  });

  it("is moved pixel by pixel by the wheel, wherever it stands", () => {
    let scroll: RowScroll = scrolledTo(many, AT_TOP, 4_000_000);
    const before = scroll.offset;
    for (let turn = 1; turn <= 10; turn++)
      scroll = scrolledTo(many, scroll, 4_000_000 + 100 * turn);
    expect(scroll.offset - before).toBeCloseTo(1000);
  });

  it("shows every row by the keys", () => {
    let scroll: RowScroll = scrolledTo(many, AT_TOP, 4_000_000);
    const first = Math.ceil(scroll.offset / 24);
    for (let row = first; row < first + 50; row++) {
      scroll = showRow(many, scroll, row);
      const place = placeOfRow(many, scroll, row);
      expect(place).toBeGreaterThanOrEqual(scroll.top - 0.001);
      expect(place + 24).toBeLessThanOrEqual(scroll.top + many.view + 0.001);
    }
    const last = showRow(many, scroll, many.count - 1);
    expect(visibleRows(many, last).end).toBe(many.count);
    expect(last.top).toBe(MAX_HEIGHT - many.view);
    expect(showRow(many, last, 0)).toEqual(AT_TOP);
  });

  it.each([
    ["first", 1000, -100, 0],
    ["last", many.count * 24 - 1240, 100, many.count * 24 - 240],
  ])("goes on to its %s row by the wheel", (_, from, turn, end) => {
    let scroll = settled(many, { offset: from, top: 0 });
    const lastTop = MAX_HEIGHT - many.view;
    for (let n = 0; n < 14; n++) {
      const top = Math.min(lastTop, Math.max(0, scroll.top + turn));
      scroll = scrolledTo(many, scroll, top);
      if (isStuck(many, scroll)) scroll = settled(many, scroll);
    }
    expect(scroll.offset).toBe(end);
  });

  it("settles where the bar says what is seen", () => {
    const moved = scrolledTo(many, scrolledTo(many, AT_TOP, 4_000_000), 4_000_300);
    const { top, offset } = settled(many, moved);
    expect(offset).toBe(moved.offset);
    expect(top).toBeLessThan(4_000_010);
    expect(isStuck(many, settled(many, moved))).toBe(false);
  });
});
