/** Line icons on a grid of 16, in the color of the text around them. */
import type { JSX } from "preact";

const PATHS = {
  chevronLeft: "M10 3.5 5.5 8l4.5 4.5",
  chevronRight: "M6 3.5 10.5 8 6 12.5",
  chevronUp: "M3.5 10 8 5.5l4.5 4.5",
  chevronDown: "M3.5 6 8 10.5 12.5 6",
  close: "M4 4l8 8M12 4l-8 8",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.7 10.7 14 14",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1",
  moon: "M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z",
  auto: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 2v12",
  help: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2v.3M8 11.6v.1",
  home: "M2.5 7.5 8 2.8l5.5 4.7M4 6.5v7h8v-7M6.7 13.5V10h2.6v3.5",
  navigate:
    "M8 1.5v13M1.5 8h13M8 1.5 6.3 3.3M8 1.5l1.7 1.8M8 14.5l-1.7-1.8M8 14.5l1.7-1.8M1.5 8l1.8-1.7M1.5 8l1.8 1.7M14.5 8l-1.8-1.7M14.5 8l-1.8 1.7",
  box: "M2.5 5V2.5H5M7 2.5h2M11 2.5h2.5V5M13.5 7v2M13.5 11v2.5H11M9 13.5H7M5 13.5H2.5V11M2.5 9V7",
  lasso:
    "M8 2.5c3.6 0 6 1.6 6 3.9S11.6 10.3 8 10.3 2 8.7 2 6.4s2.4-3.9 6-3.9ZM5 10c-1.2.8-1.3 2 .1 2.3 1 .2 1.2 1 .4 1.9",
  camera: "M2 5.5h2.5L5.5 4h5l1 1.5H14v7.5H2ZM8 11.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6Z",
  warning: "M8 2.2 14.5 13.5h-13ZM8 6.5v3.3M8 11.6v.1",
  play: "M5 3.2 12.5 8 5 12.8Z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  stop: "M4 4h8v8H4Z",
  reset: "M3 8a5 5 0 1 0 1.6-3.7M3 2.5v2.6h2.6",
  open: "M8 10.5V2.5M4.8 5.5 8 2.3l3.2 3.2M2.5 9.5v4h11v-4",
  follow: "M2.5 8h7M6.5 4.5 10 8l-3.5 3.5M13 3.5v9",
  union: "M6 11.5a4.2 4.2 0 1 1 4-5.4 4.2 4.2 0 1 1-4 5.4ZM8 4.5",
  intersect: "M6 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM8 4.7v6.6",
  subtract: "M8 4.5a4 4 0 1 0 0 7 4.4 4.4 0 0 1 0-7ZM11 8h3.5",
  eyeOff: "M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4ZM3 13 13 3",
  isolate:
    "M2.5 5V2.5H5M11 2.5h2.5V5M13.5 11v2.5H11M5 13.5H2.5V11M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  pulse: "M1.5 8.5h3L6.5 3l3 10 2-4.5h3",
  invert: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 2v12M8 5h4.8M8 8h5.9M8 11h4.8",
  bookmark: "M4 2.5h8v11L8 10.3 4 13.5Z",
  undo: "M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M3 6.5 6 3.5M3 6.5l3 3",
  redo: "M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M13 6.5l-3-3M13 6.5l-3 3",
  command: "M2.5 4.5h11v7h-11ZM5 9.5 6.5 8 5 6.5M8.5 9.5H11",
  front: "M2.5 6.5h7v7h-7ZM6.5 4.5v-2h7v7h-2",
  table: "M2.5 3h11v10h-11ZM2.5 6.3h11M2.5 9.7h11M6.5 3v10",
  sideLeft: "M2.5 3h11v10h-11ZM6.2 3v10",
  sideRight: "M2.5 3h11v10h-11ZM9.8 3v10",
  fullScreen: "M2.5 6V2.5H6M13.5 6V2.5H10M13.5 10v3.5H10M2.5 10v3.5H6",
  compare: "M8 1.5v13M6 4H2.5v8H6M10 4h3.5v8H10",
  split: "M2.5 3h11v10h-11ZM8 3v10",
  link: "M6.7 9.3a2.6 2.6 0 0 1 0-3.6l2-2a2.6 2.6 0 0 1 3.6 3.6l-1 1M9.3 6.7a2.6 2.6 0 0 1 0 3.6l-2 2a2.6 2.6 0 0 1-3.6-3.6l1-1",
  tag: "M2.5 2.5h5.6l5.4 5.4-5.6 5.6-5.4-5.4ZM5.4 5.4v.1",
  pencil: "M3 13l.6-2.9L10.8 3l2.2 2.2-7.1 7.2ZM9.4 4.4l2.2 2.2",
  trash: "M3 4.5h10M6.3 4.5v-2h3.4v2M4.3 4.5l.6 9h6.2l.6-9M6.8 7v4M9.2 7v4",
  share:
    "M11.5 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM4.5 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM11.5 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM6.3 7.1 9.7 5M6.3 8.9 9.7 11",
  target: "M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10ZM8 1v3M8 12v3M1 8h3M12 8h3",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration only: the control around it has the name. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
