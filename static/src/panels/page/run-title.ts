/** What a run is called. */

/** The run that is the log directory itself. */
export const ROOT = ".";

export function titleOf(run: string): string {
  return run === ROOT ? "(log directory)" : run;
}
