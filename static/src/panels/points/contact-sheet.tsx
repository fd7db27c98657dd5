/** The images of some points side by side. Each selects its point; arrow keys walk among them. */
import type { JSX } from "preact";
import type { Sprite } from "../../model/data/sprite";
import { counted } from "../../model/text/format";
import { spreadRows } from "../../model/view/row-bits";
import { type Selection, selectionOf } from "../../model/view/selection";
import { hover, select } from "../../store/actions/selection";
import { shownDataset } from "../../store/selectors/shown";
import type { DatasetData } from "../../store/state/state";
import { useSelect, useStore } from "../context";
import { useMediaUrl } from "../controls/media-url";
import { useRoving } from "../controls/roving";
import { Thumbnail } from "../controls/thumbnail";
import { usePointLabel } from "./point-label";

/** More are too small to be told apart. */
const MOST_IMAGES = 64;
const IN_ROW = 8;
/** CSS pixels of the longer side of a tile of the sprite. */
const TILE = 30;

export interface ContactSheetProps {
  readonly name: string;
  readonly rows: Selection;
}

/** Whether points of a dataset have images. */
export function hasImages(data: DatasetData | null): boolean {
  return data !== null && (data.info.sprite !== null || imageColumn(data) !== null);
}

export function ContactSheet({ name, rows }: ContactSheetProps): JSX.Element | null {
  const store = useStore();
  const { ref, onKeyDown, onFocusIn } = useRoving<HTMLFieldSetElement>();
  const data = useSelect((state) => (state.work.shown ? shownDataset(state) : null));
  if (!data || !hasImages(data)) return null;
  const sprite = data.sprite.status === "ready" ? data.sprite.value : null;
  const shown = [...spreadRows(rows, MOST_IMAGES)];
  const lines = Array.from({ length: Math.ceil(shown.length / IN_ROW) }, (_, line) =>
    shown.slice(line * IN_ROW, (line + 1) * IN_ROW),
  );
  return (
    <div class="contact-sheet">
      <h3 class="hint">
        {shown.length < rows.length
          ? `${shown.length} of ${counted(rows.length, "image")}, evenly spread`
          : counted(rows.length, "image")}
      </h3>
      <fieldset
        ref={ref}
        class="contact-images"
        aria-label={name}
        onKeyDown={onKeyDown}
        onFocusIn={onFocusIn}
        onPointerLeave={() => store.dispatch(hover(null))}
      >
        {lines.map((line, at) => (
          <div key={at} class="contact-row" data-row>
            {line.map((row, place) => (
              <button
                key={row}
                type="button"
                class="contact-image"
                tabIndex={at === 0 && place === 0 ? 0 : -1}
                onClick={() => store.dispatch(select(selectionOf([row])))}
                onPointerEnter={() => store.dispatch(hover(row))}
              >
                <Tile data={data} sprite={sprite} row={row} />
                <Name row={row} />
              </button>
            ))}
          </div>
        ))}
      </fieldset>
    </div>
  );
}

interface TileProps {
  readonly data: DatasetData;
  readonly sprite: Sprite | null;
  readonly row: number;
}

function Tile({ data, sprite, row }: TileProps): JSX.Element | null {
  if (sprite) return <Thumbnail sprite={sprite} index={row} size={TILE} />;
  const column = data.info.sprite ? null : imageColumn(data);
  if (column === null) return null;
  return <FileTile data={data} row={row} column={column} />;
}

interface FileTileProps {
  readonly data: DatasetData;
  readonly row: number;
  readonly column: number;
}

function FileTile({ data, row, column }: FileTileProps): JSX.Element {
  const { id: dataset } = data.info;
  const revision = data.revision ?? "";
  const url = useMediaUrl(
    (media) => media.mediaUrl({ dataset, index: row, column }, revision),
    [dataset, row, column, revision],
  );
  return <img src={url} alt="" loading="lazy" />;
}

function Name({ row }: { readonly row: number }): JSX.Element {
  const label = usePointLabel(row);
  return <span class="visually-hidden">{`${label}, row ${row}`}</span>;
}

function imageColumn({ info }: DatasetData): number | null {
  return info.columns.find(({ media }) => media === "image")?.index ?? null;
}
