/** Fetches what points are called, where a column has too many texts to fetch them all. */
import type { Api } from "../../api/api";
import { namesLoaded } from "../../store/actions/data";
import { isNameAwaited, labelColumn, shownDataset } from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";

/** What one request may ask for, and letters of a name: a longer one is read in the table. */
const MOST_ROWS = 1000;
const MOST_LETTERS = 1000;

interface Wanted {
  readonly dataset: string;
  readonly column: number;
  readonly rows: Set<number>;
}

/** All that is asked for at once is fetched together, and nothing twice. */
export class NameLoader {
  /** By dataset and column: what is asked for in this moment. */
  private readonly wanted = new Map<string, Wanted>();
  /** By dataset, column and row: what is on its way. */
  private readonly underway = new Set<string>();
  private readonly abort = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly onError: (error: unknown) => void,
  ) {}

  load(state: State, rows: readonly number[]): void {
    const data = shownDataset(state);
    const column = data && labelColumn(state, data);
    if (!data || !column) return;
    const { id, n_points } = data.info;
    const key = `${id} ${column.index}`;
    const wanted = this.wanted.get(key) ?? { dataset: id, column: column.index, rows: new Set() };
    for (const row of rows) {
      const isNew = row < n_points && isNameAwaited(state, row);
      if (isNew && !this.underway.has(`${key} ${row}`)) wanted.rows.add(row);
    }
    if (wanted.rows.size === 0) return;
    if (this.wanted.size === 0) queueMicrotask(() => this.fetchAll());
    this.wanted.set(key, wanted);
  }

  stop(): void {
    this.abort.abort();
  }

  private fetchAll(): void {
    for (const [key, { dataset, column, rows }] of this.wanted) {
      const all = [...rows];
      for (let start = 0; start < all.length; start += MOST_ROWS) {
        void this.fetch(key, dataset, column, all.slice(start, start + MOST_ROWS));
      }
    }
    this.wanted.clear();
  }

  private async fetch(key: string, dataset: string, column: number, rows: number[]): Promise<void> {
    const names = rows.map((row) => `${key} ${row}`);
    for (const name of names) this.underway.add(name);
    const { signal } = this.abort;
    try {
      const { columns } = this.api;
      const found = await columns.texts(dataset, rows, [column], MOST_LETTERS, signal);
      this.store.dispatch(namesLoaded(dataset, column, found.rows, found.texts[0] ?? []));
    } catch (error) {
      if (!signal.aborted) this.onError(error);
    } finally {
      for (const name of names) this.underway.delete(name);
    }
  }
}
