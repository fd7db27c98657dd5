/** The selected point: its label, image and metadata. */
import type { JSX } from "preact";
import type { Column } from "../../model/data/dataset";
import { rowName, rowNumber, shownDataset } from "../../store/selectors/shown";
import { pointKey } from "../../store/state/state";
import { useSelect } from "../context";
import { useMediaUrl } from "../controls/media-url";
import { usePointLabel } from "../points/point-label";
import { PointScores } from "../points/point-quality";
import { TagMark } from "../points/tag-mark";
import { PointMedia } from "./point-media";

export function PointCard({ index }: { readonly index: number }): JSX.Element | null {
  // The first projection comes before anything else, this point's image included.
  const info = useSelect((state) => (state.work.shown && shownDataset(state)?.info) ?? null);
  const label = usePointLabel(index);
  const row = useSelect((state) => rowNumber(state, index), [index]);
  if (!info) return null;
  if (index >= info.n_points) {
    return <p class="hint is-padded">Row {index} is not in this dataset.</p>;
  }
  const hasImage = info.sprite !== null && index < info.sprite.n_points;
  return (
    // It scrolls where there are many columns, so the keyboard must be able to reach it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section class="point-card" aria-label="Point" tabIndex={0}>
      <div class="point-head">
        {hasImage && (
          <PointImage
            dataset={info.id}
            index={index}
            label={label}
            isMagnified={isSmall(info.sprite?.tile)}
          />
        )}
        <div class="point-names">
          <strong class="point-label">{label}</strong>
          {label !== rowName(row) && <span class="point-row number">row {row}</span>}
        </div>
      </div>
      <PointMedia index={index} />
      {info.columns.length > 0 && (
        <MetadataTable dataset={info.id} index={index} columns={info.columns} />
      )}
      <PointScores index={index} title="Quality around this point" />
    </section>
  );
}

interface PointImageProps {
  readonly dataset: string;
  readonly index: number;
  readonly label: string;
  readonly isMagnified: boolean;
}

function PointImage({ dataset, index, label, isMagnified }: PointImageProps): JSX.Element {
  const url = useMediaUrl((media) => media.imageUrl(dataset, index), [dataset, index]);
  const size = isMagnified ? " is-magnified" : "";
  return <img class={`point-image${size}`} src={url} alt={`Point ${label}`} />;
}

/** Tiles of a few pixels are data to be counted, not photographs to be smoothed. */
export function isSmall(tile: readonly [number, number] | undefined): boolean {
  return tile !== undefined && Math.max(...tile) < 48;
}

interface MetadataTableProps {
  readonly dataset: string;
  readonly index: number;
  readonly columns: readonly Column[];
}

function MetadataTable({ dataset, index, columns }: MetadataTableProps): JSX.Element {
  const values = useSelect(
    ({ attention }) => attention.values[pointKey(dataset, index)]?.values ?? null,
    [dataset, index],
  );
  return (
    <table class="metadata" aria-label="Metadata">
      <tbody>
        {columns.map((column) => {
          const { index: place, name } = column;
          const value = values?.[place];
          return (
            <tr key={place}>
              <th scope="row" title={name}>
                {name}
                <TagMark column={column} />
              </th>
              <td>{value ?? (values ? <span class="missing">missing</span> : "\u00a0")}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
