/** How the keyboard moves through a list of which one row is active. */

export interface ListPlace {
  readonly active: number;
  readonly count: number;
  /** Rows that PageUp and PageDown pass over. */
  readonly page: number;
}

/** The row that a key leads to, never past an end; null where it is no key of a list. */
export function rowForKey(key: string, { active, count, page }: ListPlace): number | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? null : Math.max(0, Math.min(count - 1, target));
}
