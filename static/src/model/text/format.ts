/** Formats numbers, dates and durations for display. */

const whole = new Intl.NumberFormat("en-US");

/** 1,797 */
export function count(value: number): string {
  return whole.format(value);
}

/** "1 point", "1,797 points". */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** At most `digits` significant digits, no trailing zeros; an exponent only for extreme values. */
export function compact(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return minus(value.toExponential(Math.min(2, digits - 1)));
  return minus(String(Number(value.toPrecision(digits))));
}

/** What is known about the column of a number. */
interface Range {
  readonly kind: string;
  readonly minimum: number | null;
  readonly maximum: number | null;
}

/**
 * A number of a column with as many digits as the range of the column needs; a date for times
 * (seconds since 1970, UTC).
 */
export function columnValue({ kind, minimum, maximum }: Range, value: number): string {
  const span = (maximum ?? 0) - (minimum ?? 0);
  const date = kind === "time" ? new Date(value * 1000) : null;
  if (date && !Number.isNaN(date.getTime())) return timeText(date, span);
  const size = Math.abs(value);
  const isNarrow = span > 0 && size / span > 10;
  if (!isNarrow || size >= 1e15) return compact(value);
  return minus(String(Number(value.toPrecision(Math.ceil(Math.log10(size / span)) + 3))));
}

const MINUTE = 60;
const DAY = 86_400;

/** Seconds and fractions only where the range is short enough for them to matter. */
function timeText(date: Date, span: number): string {
  const text = date.toISOString().replace("T", " ").replace("Z", "");
  if (span < MINUTE / 2) return text;
  return span < DAY ? text.slice(0, 19) : text.slice(0, 16).replace(" 00:00", "");
}

/** A distance, always with the same number of decimals, so that a column of them lines up. */
export function distance(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e5 || size < 1e-4)) return minus(value.toExponential(2));
  return minus(value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 4));
}

/** 45.1 % */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** "3 s", "2 min 5 s", "1 h 10 min". */
export function duration(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  const total = Math.round(seconds);
  if (total < 60) return `${total} s`;
  if (total < 3600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  return `${Math.floor(total / 3600)} h ${Math.floor((total % 3600) / 60)} min`;
}

/** A real minus sign is as wide as a plus, so columns of numbers line up. */
function minus(text: string): string {
  return text.replace(/^-/, "−").replace("e-", "e−").replace("e+", "e");
}
