/** Which column says how important a point is: how often a word occurs, how often a paper is cited. */
import type { Column } from "./dataset";

const NAMES =
  /^(.*[\s_.-])?(counts?|freq|frequency|occurrences|weight|importance|views|hits|clicks|popularity|pagerank|degree|citations|sales|likes)$/i;

/** null where the order of the file has to do: tables of words begin with the most frequent. */
export function importanceColumn(columns: readonly Column[]): Column | null {
  return (
    columns.find(
      ({ kind, name, is_identifier = false }) =>
        kind === "numeric" && !is_identifier && NAMES.test(name.trim()),
    ) ?? null
  );
}
