import { describe, expect, it } from "vitest";
import { calendarTicks } from "../../../src/model/text/calendar";

const at = (text: string) => Date.parse(`${text}Z`) / 1000;
const texts = (low: string, high: string, most = 5) =>
  calendarTicks(at(low), at(high), most).map(({ text }) => text);

describe("marks of a calendar", () => {
  it("are years, months, days or hours, whichever there are few of", () => {
    expect(texts("2015-03-01T00:00", "2019-08-01T00:00")).toEqual(["2016", "2017", "2018", "2019"]);
    expect(texts("1890-03-01T00:00", "2019-08-01T00:00")).toEqual(["1900", "1950", "2000"]);
    expect(texts("2015-10-05T00:00", "2016-02-20T00:00")).toEqual(["Nov", "Dec", "2016", "Feb"]);
    expect(texts("2016-02-27T12:00", "2016-03-02T12:00")).toEqual([
      "28 Feb",
      "29 Feb",
      "Mar",
      "2 Mar",
    ]);
    expect(texts("2016-02-27T22:30", "2016-02-28T01:30")).toEqual(["23:00", "28 Feb", "01:00"]);
    expect(texts("2016-02-27T22:30:02", "2016-02-27T22:30:05")).toHaveLength(4);
  });

  it("stand where the calendar has them", () => {
    const [first] = calendarTicks(at("1999-12-31T23:00"), at("2003-01-01T00:00"), 5);
    expect(first).toEqual({ at: at("2000-01-01T00:00"), text: "2000" });
    for (const [low, high] of [
      ["2015-01-20T00:00", "2015-03-25T00:00"],
      ["2000-01-01T00:00", "2000-01-29T00:00"],
      ["0050-01-01T00:00", "0090-01-01T00:00"],
    ] as const) {
      const ticks = calendarTicks(at(low), at(high), 6);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThanOrEqual(6);
      for (const [n, tick] of ticks.entries()) {
        expect(tick.at).toBeGreaterThan(ticks[n - 1]?.at ?? Number.NEGATIVE_INFINITY);
        expect(tick.at >= at(low) && tick.at <= at(high)).toBe(true);
      }
    }
  });

  it("are none where there is no time, or none of a calendar", () => {
    expect(calendarTicks(5, 5, 4)).toEqual([]);
    expect(calendarTicks(0, 1e20, 4)).toEqual([]);
    expect(calendarTicks(Number.NaN, 1, 4)).toEqual([]);
  });
});
