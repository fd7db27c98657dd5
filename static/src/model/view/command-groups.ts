/** The groups that commands are listed in, in the order of the sheet of keys. */

export const GROUPS = [
  "Data",
  "Projection",
  "Color and size",
  "Selection",
  "Filter",
  "Plot",
  "Views",
  "Page",
] as const;

export type Group = (typeof GROUPS)[number];
