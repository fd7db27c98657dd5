/** What is shown as a file: a picture, a web page to send, tables. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { counted } from "../../model/text/format";
import { closeDialog } from "../../store/actions/page";
import type { ExportKind } from "../../store/requests";
import { selection, shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Dialog } from "../controls/dialog";

const SCALES = [1, 2, 3, 4, 6, 8] as const;

export function ExportDialog(): JSX.Element | null {
  const store = useStore();
  const isOpen = useSelect(({ page }) => page.dialog === "export");
  if (!isOpen) return null;
  return (
    <Dialog title="Export" onClose={() => store.dispatch(closeDialog("export"))}>
      <ShownProjection />
      <Row
        title="Web page"
        text="One file that opens in any browser, without a server: points, colors, labels; it turns, zooms and tells each point's label."
      >
        <Export what="html" title="Save HTML" />
      </Row>
      <Row title="Projection" text="Row, label and coordinates of every point.">
        <Export what="projection-tsv" title="TSV" />
        <Export what="projection-csv" title="CSV" />
      </Row>
      <Tables />
    </Dialog>
  );
}

function ShownProjection(): JSX.Element {
  const [scale, setScale] = useState(2);
  return (
    <Row
      title="Picture"
      text="As it stands on the screen, with its labels. SVG has texts and circles, or a picture inside for a density, images and very many points."
    >
      <select
        class="select"
        aria-label="Scale of the picture"
        value={String(scale)}
        onChange={({ currentTarget }) => setScale(Number(currentTarget.value))}
      >
        {SCALES.map((each) => (
          <option key={each} value={String(each)}>
            {each} ×
          </option>
        ))}
      </select>
      <Export what="png" title="Save PNG" scale={scale} />
      <Export what="svg" title="Save SVG" />
    </Row>
  );
}

function Tables(): JSX.Element {
  const nColumns = useSelect((state) => shownDataset(state)?.info.columns.length ?? 0);
  const nSelected = useSelect((state) => selection(state).length);
  return (
    <>
      <Row title="Metadata" text={`${counted(nColumns, "column")}, the file's own texts.`}>
        <Export what="metadata" title="TSV" isDisabled={nColumns === 0} />
      </Row>
      <Row
        title="Selection"
        text={
          nSelected === 0
            ? "Nothing is selected."
            : `${counted(nSelected, "point")} with row numbers and metadata.`
        }
      >
        <Export what="selection" title="TSV" isDisabled={nSelected === 0} />
      </Row>
    </>
  );
}

interface RowProps {
  readonly title: string;
  readonly text: string;
  readonly children: ComponentChildren;
}

function Row({ title, text, children }: RowProps): JSX.Element {
  return (
    <section class="export-row" aria-label={title}>
      <div>
        <h3>{title}</h3>
        <p class="hint">{text}</p>
      </div>
      <div class="export-buttons">{children}</div>
    </section>
  );
}

interface ExportProps {
  readonly what: ExportKind;
  readonly title: string;
  readonly scale?: number;
  readonly isDisabled?: boolean;
}

function Export({ what, title, scale, isDisabled = false }: ExportProps): JSX.Element {
  const store = useStore();
  return (
    <button
      type="button"
      class="button"
      disabled={isDisabled}
      onClick={() => store.request({ kind: "export", what, ...(scale !== undefined && { scale }) })}
    >
      {title}
    </button>
  );
}
