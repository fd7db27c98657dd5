/** Fetches columns of datasets when they are needed, each part once. */

import type { Api } from "../../api/api";
import { isNumeric } from "../../model/color/color";
import { clusterColumns } from "../../model/data/clusters";
import {
  type Column,
  type Dataset,
  resolveColumn,
  revisionOfColumn,
} from "../../model/data/dataset";
import { importanceColumn } from "../../model/data/importance";
import { MOST_FETCHED_WHOLE, NO_TEXTS } from "../../model/data/some-texts";
import { isScoreColumn } from "../../model/projection/quality";
import { nextColumn } from "../../model/view/sequences";
import { columnLoaded, columnReplaced } from "../../store/actions/data";
import { colorColumn, colorScale, labelColumn } from "../../store/selectors/shown";
import type { ColumnData, DatasetData, State } from "../../store/state/state";
import type { Store } from "../../store/store";
import type { Once } from "./once";

/** Names for the legend and for the labels in the plot; the rest is counted, not named. */
const MAX_CATEGORIES = 1000;
/** A longer list of values is of no use to a reader. */
const MAX_VALUES = 100_000;

export type ColumnPart = Exclude<keyof ColumnData, "isStale" | "someTexts">;

export class ColumnLoader {
  /** @param store Any view's: what is fetched belongs to all of them. */
  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly once: Once,
  ) {}

  /** What a view shows of a dataset: labels, colors, sizes and filters. */
  loadShown(state: State, data: DatasetData): void {
    const { view } = state;
    const want = (column: Column | null, part: ColumnPart) => {
      // The scores of a projection are no column of the dataset; they come another way.
      if (column && !isScoreColumn(column)) this.load(data, column, part);
    };
    const label = labelColumn(state, data);
    if (data.info.n_points <= MOST_FETCHED_WHOLE) want(label, "text");
    else if (label) this.expectTexts(data, label);
    const color = colorColumn(state, data);
    want(color, color && colorScale(state, color) === "numeric" ? "numbers" : "codes");
    want(resolveColumn(data.info, view.sizeBy), "numbers");
    want(resolveColumn(data.info, view.opacityBy), "numbers");
    if (view.pointNames) want(importanceColumn(data.info.columns), "numbers");
    if (view.clusterNames)
      for (const each of clusterColumns(data.info.columns)) want(each, "codes");
    if (view.lines) want(nextColumn(data.info.columns), "numbers");
    for (const filter of view.filters) {
      const column = resolveColumn(data.info, filter.column);
      want(column, filter.kind === "range" && column && isNumeric(column) ? "numbers" : "codes");
    }
  }

  /** Let texts be fetched one by one: there are too many points. */
  private expectTexts({ info, columns }: DatasetData, { index }: Column): void {
    const known = columns[index];
    if (known?.text || known?.someTexts) return;
    this.store.dispatch(columnLoaded(info.id, index, { someTexts: NO_TEXTS }));
  }

  load({ info, columns }: DatasetData, column: Column, part: ColumnPart): void {
    if (columns[column.index]?.[part]) return;
    const fetch = async () => {
      const loaded = await this.fetch(info, column, part);
      this.store.dispatch(columnLoaded(info.id, column.index, loaded));
    };
    const what = `${column.index} ${revisionOfColumn(column) ?? ""} ${part}`;
    this.start(`column ${info.content} ${info.id} ${what}`, fetch);
  }

  /** Columns that were tagged since they were fetched, every part of them that is in use. */
  renew({ info, columns }: DatasetData): void {
    for (const column of info.columns) {
      const stale = columns[column.index];
      if (!stale?.isStale) continue;
      const { isStale: _, someTexts: __, ...held } = stale;
      const parts = (Object.keys(held) as ColumnPart[]).filter(
        (part) => part !== "numbers" || isNumeric(column),
      );
      const fetch = async () => {
        const fresh = await Promise.all(parts.map((part) => this.fetch(info, column, part)));
        const now = this.store.state.peek().datasets[info.id]?.info.columns[column.index];
        // Tagged again meanwhile: the next one is on its way.
        if (now?.name !== column.name || revisionOfColumn(now) !== revisionOfColumn(column)) return;
        this.store.dispatch(columnReplaced(info.id, column.index, Object.assign({}, ...fresh)));
      };
      this.start(
        `column ${info.id} ${column.index} ${column.name} ${revisionOfColumn(column)}`,
        fetch,
      );
    }
  }

  /** A failure is reported by `once`. */
  private start(key: string, fetch: () => Promise<void>): void {
    this.once(key, fetch).catch(() => undefined);
  }

  private async fetch(info: Dataset, column: Column, part: ColumnPart): Promise<ColumnData> {
    const { columns } = this.api;
    if (part === "values") {
      const limit = Math.min(MAX_VALUES, Math.max(1, column.n_categories));
      return { values: await columns.categories(info, column, limit) };
    }
    if (part === "text") return { text: await columns.text(info, column) };
    if (part === "numbers") {
      return { numbers: { kind: "numbers", values: await columns.numbers(info, column) } };
    }
    const [codes, categories] = await Promise.all([
      columns.codes(info, column),
      columns.categories(info, column, MAX_CATEGORIES),
    ]);
    return { codes: { kind: "codes", codes, categories } };
  }
}
