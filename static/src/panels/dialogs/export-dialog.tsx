/** The dialog that shares what is shown: a link, an image, a web page, tables, a call in Python. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { count, counted } from "../../model/text/format";
import { type FigureChoice, MILLIMETERS_PER_INCH } from "../../model/view/figure";
import { closeDialog } from "../../store/actions/page";
import type { ExportKind } from "../../store/requests";
import { shownPython } from "../../store/selectors/python";
import { selection, shownDataset } from "../../store/selectors/shown";
import { useOffered, useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";
import { Dialog } from "../controls/dialog";

export function ExportDialog(): JSX.Element | null {
  const store = useStore();
  const isOpen = useSelect(({ page }) => page.dialog === "export");
  if (!isOpen) return null;
  return (
    <Dialog title="Share" onClose={() => store.dispatch(closeDialog("export"))}>
      <Link />
      <Figure />
      <Row
        title="Web page"
        text="A single file that opens in any browser, without a server: points, colors, labels, a search, and filters by columns of categories, clusters among them."
      >
        <Export what="html" title="Save HTML" />
      </Row>
      <Row title="Data" text="Row, coordinates and all columns, with tags, as they are here.">
        <Export what="parquet" title="Parquet" />
        <Export what="npz" title="NPZ" />
      </Row>
      <Row title="Projection" text="Row, label and coordinates of every point.">
        <Export what="projection-tsv" title="TSV" />
        <Export what="projection-csv" title="CSV" />
      </Row>
      <Tables />
      <Python />
      <p class="hint">
        TSV and CSV are safe to open in a spreadsheet: text that it would run as a formula begins
        with an apostrophe. projector takes it away again when it reads the file.
      </p>
    </Dialog>
  );
}

/** Not where another page has this one inside: its address says nothing. */
function Link(): JSX.Element | null {
  const store = useStore();
  const hasLink = useOffered("copy-link");
  if (!hasLink) return null;
  return (
    <Row title="Link" text="Leads to this view, for whoever reaches this server.">
      <button type="button" class="button" onClick={() => store.request({ kind: "copy-link" })}>
        Copy link
      </button>
    </Row>
  );
}

function Figure(): JSX.Element {
  const [title, setTitle] = useState("");
  const [hasLegend, setHasLegend] = useState(true);
  const [width, setWidth] = useState(120);
  const [dpi, setDpi] = useState(300);
  const figure: FigureChoice = { title: title.trim(), hasLegend, width, dpi };
  return (
    <Row
      title="Image"
      text="The plot as it is shown, with its labels. SVG has texts and circles; for a density, images or very many points it contains an image."
      settings={
        <div class="figure-settings">
          <input
            type="text"
            class="input"
            aria-label="Title of the image"
            placeholder="Title"
            value={title}
            onInput={({ currentTarget }) => setTitle(currentTarget.value)}
          />
          <Checkbox name="Legend" isChecked={hasLegend} onChange={setHasLegend} />
          <Measure
            name="Width in mm"
            unit="mm"
            value={width}
            range={[20, 1000]}
            onChange={setWidth}
          />
          <Measure
            name="Resolution in dpi"
            unit="dpi"
            value={dpi}
            range={[50, 1200]}
            onChange={setDpi}
          />
          <span class="hint number">
            {count(Math.round((width / MILLIMETERS_PER_INCH) * dpi))} px wide
          </span>
        </div>
      }
    >
      <Export what="png" title="Save PNG" figure={figure} />
      <Export what="svg" title="Save SVG" figure={figure} />
    </Row>
  );
}

interface MeasureProps {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range: readonly [number, number];
  readonly onChange: (value: number) => void;
}

function Measure({ name, unit, value, range, onChange }: MeasureProps): JSX.Element {
  const [low, high] = range;
  return (
    <label class="figure-measure">
      <input
        type="number"
        class="input number"
        aria-label={name}
        min={low}
        max={high}
        value={value}
        onChange={({ currentTarget }) => {
          const next = Number(currentTarget.value);
          if (next >= low && next <= high) onChange(next);
          else currentTarget.value = String(value);
        }}
      />
      {unit}
    </label>
  );
}

/** The call in Python that gives these positions. */
function Python(): JSX.Element | null {
  const store = useStore();
  const call = useSelect(shownPython);
  if (call === null) return null;
  return (
    <Row
      title="Python"
      text="This call gives the positions of this picture."
      settings={
        // It scrolls where a line is long, so the keyboard must be able to reach it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <pre class="python-call" tabIndex={0}>
          {call}
        </pre>
      }
    >
      <button type="button" class="button" onClick={() => store.request({ kind: "copy-python" })}>
        Copy as Python
      </button>
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
  /** Below the text, as wide as the dialog. */
  readonly settings?: ComponentChildren;
}

function Row({ title, text, children, settings }: RowProps): JSX.Element {
  return (
    <section class="export-row" aria-label={title}>
      <div>
        <h3>{title}</h3>
        <p class="hint">{text}</p>
      </div>
      <div class="export-buttons">{children}</div>
      {settings}
    </section>
  );
}

interface ExportProps {
  readonly what: ExportKind;
  readonly title: string;
  readonly figure?: FigureChoice;
  readonly isDisabled?: boolean;
}

function Export({ what, title, figure, isDisabled = false }: ExportProps): JSX.Element {
  const store = useStore();
  return (
    <button
      type="button"
      class="button"
      disabled={isDisabled}
      onClick={() => store.request({ kind: "export", what, ...(figure && { figure }) })}
    >
      {title}
    </button>
  );
}
