/** Where a calendar has its marks between two times (seconds since 1970, UTC), and what they say. */

export interface CalendarTick {
  readonly at: number;
  readonly text: string;
}

type Unit = "year" | "month" | "day" | "hour" | "minute" | "second";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const MONTH = 30.44 * DAY;
const YEAR = 365.25 * DAY;

/** The finest first: how many of which unit, and about how many seconds that is. */
const STEPS: readonly (readonly [size: number, unit: Unit, seconds: number])[] = [
  ...[1, 5, 15, 30].map((size) => [size, "second", size] as const),
  ...[1, 5, 15, 30].map((size) => [size, "minute", size * MINUTE] as const),
  ...[1, 3, 6, 12].map((size) => [size, "hour", size * HOUR] as const),
  ...[1, 2, 5, 10].map((size) => [size, "day", size * DAY] as const),
  ...[1, 2, 3, 6].map((size) => [size, "month", size * MONTH] as const),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((size) => [size, "year", size * YEAR] as const),
];

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** At most `most` marks, ascending; none where the two are no times of a calendar. */
export function calendarTicks(low: number, high: number, most: number): readonly CalendarTick[] {
  const span = high - low;
  const step = STEPS.find(([, , seconds]) => span / seconds <= most);
  if (!step || !(span > 0) || Number.isNaN(new Date(high * 1000).getTime())) return [];
  const [size, unit] = step;
  const ticks: CalendarTick[] = [];
  for (let n = 0, date = floorTo(new Date(low * 1000), size, unit); n < 4 * most; n++) {
    const at = date.getTime() / 1000;
    if (!(at <= high)) break;
    if (at >= low) ticks.push({ at, text: tickText(date, unit) });
    date = next(date, size, unit);
  }
  return ticks.slice(0, most);
}

/** The last mark that is not later; days are counted within their month. */
function floorTo(date: Date, size: number, unit: Unit): Date {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const [hour, minute] = [date.getUTCHours(), date.getUTCMinutes()];
  const down = (value: number) => Math.floor(value / size) * size;
  switch (unit) {
    case "year":
      return utc(down(year), 0, 1);
    case "month":
      return utc(year, down(month), 1);
    case "day":
      return utc(year, month, size === 1 ? day : down(day - 1) + 1);
    case "hour":
      return utc(year, month, day, down(hour));
    case "minute":
      return utc(year, month, day, hour, down(minute));
    case "second":
      return utc(year, month, day, hour, minute, down(date.getUTCSeconds()));
  }
}

function next(date: Date, size: number, unit: Unit): Date {
  const moved = new Date(date);
  if (unit === "year") moved.setUTCFullYear(date.getUTCFullYear() + size);
  else if (unit === "month") moved.setUTCMonth(date.getUTCMonth() + size);
  else if (unit === "day") {
    moved.setUTCDate(date.getUTCDate() + size);
    // Each month begins with a mark; the last one before it would stand too near.
    const left = utc(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0).getUTCDate();
    const isOver = moved.getUTCMonth() !== date.getUTCMonth();
    const isNearEnd = size > 1 && left - moved.getUTCDate() < size / 2;
    if (isOver || isNearEnd) return utc(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  } else {
    const seconds = { hour: HOUR, minute: MINUTE, second: 1 }[unit];
    return new Date(date.getTime() + size * seconds * 1000);
  }
  return moved;
}

function tickText(date: Date, unit: Unit): string {
  const year = String(date.getUTCFullYear());
  const month = MONTHS[date.getUTCMonth()] ?? "";
  if (unit === "year") return year;
  if (unit === "month") return date.getUTCMonth() === 0 ? year : month;
  if (unit === "day") return date.getUTCDate() === 1 ? month : `${date.getUTCDate()} ${month}`;
  const time = date.toISOString().slice(11, unit === "second" ? 19 : 16);
  return time === "00:00" || time === "00:00:00" ? `${date.getUTCDate()} ${month}` : time;
}

/** Years before 100 are those years, and not of the last century. */
function utc(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, second, 0);
  return date;
}
