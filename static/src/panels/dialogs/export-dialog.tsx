/** The dialog that exports what is shown: an image, a web page, tables. */
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
        text="A single file with points, colors and labels that opens in any browser, without a server. It can be rotated and zoomed, and shows each point's label."
      >
        <Export what="html" title="Save HTML" />
      </Row>
      <Row title="Projection" text="Row, label and coordinates of every point.">
        <Export what="projection-tsv" title="TSV" />
        <Export what="projection-csv" title="CSV" />
      </Row>
      <Tables />
      <p class="hint">
        TSV and CSV are safe to open in a spreadsheet: text that it would run as a formula begins
        with an apostrophe. projector takes it away again when it reads the file.
      </p>
    </Dialog>
  );
}

function ShownProjection(): JSX.Element {
  const [scale, setScale] = useState(2);
  return (
    <Row
      title="Image"
      text="The plot as it is shown, with its labels. SVG has texts and circles; for a density, images or very many points it contains an image."
    >
      <select
        class="select"
        aria-label="Image scale"
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
      <Row title="Metadata" text={`${counted(nColumns, "column")}, with the texts of the file.`}>
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
