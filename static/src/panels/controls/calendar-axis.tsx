/** Marks at whole years, months or days below a chart of times. */
import type { JSX } from "preact";
import { calendarTicks } from "../../model/text/calendar";

const MOST = 5;
/** A mark farther to the right has no room for its text. */
const LAST = 0.88;

export interface CalendarAxisProps {
  /** Seconds since 1970, UTC. */
  readonly low: number;
  readonly high: number;
}

export function CalendarAxis({ low, high }: CalendarAxisProps): JSX.Element {
  const shareOf = (at: number) => (at - low) / (high - low || 1);
  const ticks = calendarTicks(low, high, MOST).filter(({ at }) => shareOf(at) < LAST);
  return (
    <div class="calendar number" aria-hidden="true">
      {ticks.map(({ at, text }) => (
        <span key={at} class="calendar-tick" style={{ left: `${100 * shareOf(at)}%` }}>
          {text}
        </span>
      ))}
    </div>
  );
}
