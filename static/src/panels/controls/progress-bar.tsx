/** How far work is: what is done now, how much of it, and a bar. */
import type { ComponentChildren, JSX } from "preact";

export interface ProgressBarProps {
  /** What is done now. */
  readonly title: string;
  /** What a screen reader calls the bar; the title where nothing is given. */
  readonly name?: string;
  /** How much of it, at the right. */
  readonly amount: string | null;
  /** 0 to 1; null while nothing is known. */
  readonly share: number | null;
  /** Below the bar. */
  readonly children?: ComponentChildren;
}

export function ProgressBar(props: ProgressBarProps): JSX.Element {
  const { title, name = title, amount, share, children } = props;
  return (
    <div class="progress">
      <div class="progress-head">
        <span class="progress-phase">{title}</span>
        {amount !== null && <span class="number">{amount}</span>}
      </div>
      <progress aria-label={name} {...(share !== null && { value: share })} max={1} />
      {children}
    </div>
  );
}
