/** The description of a dataset: its size, columns and sprite. The arrays come separately. */

/** A time column's numbers are seconds since 1970, UTC. */
export type ColumnKind = "numeric" | "categorical" | "text" | "time";

/** What of a column a person has tagged. */
export interface ColumnTags {
  /** Whether the data has the column, too: it is shown with these rows as they were tagged. */
  readonly edits: boolean;
  readonly n_tagged: number;
  /** Another one after any of its texts changed. */
  readonly revision: string;
}

/** Where the tags of a dataset's tensor are kept. */
export interface TagsPlace {
  /** null where there are none yet. */
  readonly revision: string | null;
  /** Relative to the log directory, there or to be written; null for the server's memory. */
  readonly file: string | null;
  /** Whether there is a place for a file at all. */
  readonly beside: boolean;
  /** What of the file cannot be read. */
  readonly problems: readonly string[];
}

export interface Column {
  readonly index: number;
  readonly name: string;
  readonly kind: ColumnKind;
  readonly n_missing: number;
  readonly n_categories: number;
  readonly code_bytes: 2 | 4;
  /** Of its numbers; null where it has none. */
  readonly number_bytes: 4 | 8 | null;
  /** null unless numeric. */
  readonly is_integer: boolean | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  /** Whether it names each point and says nothing else. */
  readonly is_identifier?: boolean;
  /** Whether its texts name images or sounds. */
  readonly media: "image" | "audio" | null;
  /** null for a column of the data alone. */
  readonly tags: ColumnTags | null;
  /** The result that it was computed from; null or missing for a column of the data. */
  readonly made_by?: string | null;
  /** The two datasets whose comparison it is a part of. */
  readonly compares?: readonly [from: string, to: string] | null;
  /** The values at the ends of its colors, where these are the same in every picture. */
  readonly span?: readonly [low: number, high: number] | null;
}

export interface SpriteInfo {
  readonly tile: readonly [number, number];
  readonly columns: number;
  readonly n_points: number;
  readonly width: number;
  readonly height: number;
}

export interface Dataset {
  readonly id: string;
  readonly run: string;
  readonly name: string;
  readonly step: number | null;
  readonly n_points: number;
  /** From how many points these were drawn at random; null or missing if these are all. */
  readonly n_all?: number | null;
  readonly n_dims: number;
  readonly content: string;
  readonly warnings: readonly string[];
  readonly columns: readonly Column[];
  readonly label_column: number | null;
  readonly color_column: number | null;
  readonly sprite: SpriteInfo | null;
  readonly n_unplaced: number;
  readonly tags: TagsPlace;
  /** Formulas of computed columns by their names. */
  readonly computed?: Readonly<Record<string, string>>;
  /** Whether the server turns a text into a vector to search by. */
  readonly can_embed?: boolean;
  /** Of a part of another dataset: that one; null for what is no part. */
  readonly subset_of?: { readonly dataset: string } | null;
}

/** One category of a column; its rank, the most frequent first, is its code. */
export interface Category {
  readonly rank: number;
  readonly name: string;
  readonly count: number;
}

/** The most frequent categories of a column, and less frequent ones that were asked for by name. */
export interface Categories {
  readonly names: readonly string[];
  readonly counts: readonly number[];
  readonly n_categories: number;
  readonly rarer?: readonly Category[];
}

/** Every category that is known by name, the most frequent first. */
export function knownCategories({ names, counts, rarer = [] }: Categories): Category[] {
  const frequent = names.map((name, rank) => ({ rank, name, count: counts[rank] ?? 0 }));
  return [...frequent, ...rarer.filter(({ rank }) => rank >= names.length)];
}

/** One point's metadata: the file's own text, null where it is missing. */
export interface PointValues {
  readonly index: number;
  readonly values: readonly (string | null)[];
  /** From before a change of the tags; shown until the new ones have come. */
  readonly isStale?: boolean;
}

/**
 * A column as a person means it: by its name, which holds across steps and runs, and by its
 * place, which distinguishes columns of one name.
 */
export interface ColumnRef {
  readonly name: string;
  readonly index: number;
}

export function refOf(column: Column): ColumnRef {
  return { name: column.name, index: column.index };
}

/** Another one once any value of the column may have changed. */
export function revisionOfColumn({ tags, made_by }: Column): string | undefined {
  return tags?.revision ?? made_by ?? undefined;
}

/** Find a meant column in a dataset that may have other columns. */
export function resolveColumn(dataset: Dataset, ref: ColumnRef | null): Column | null {
  if (!ref) return null;
  const same = dataset.columns[ref.index];
  if (same?.name === ref.name) return same;
  return dataset.columns.find((column) => column.name === ref.name) ?? null;
}
