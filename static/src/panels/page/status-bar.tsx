/** The status bar: the size of the data, the projection and its settings, and problems. */
import type { JSX } from "preact";
import { isEqual } from "../../model/data/equality";
import { warningsOf } from "../../model/projection/projection";
import { settingNotes } from "../../model/projection/setting-notes";
import { count, counted, percent } from "../../model/text/format";
import { togglePanel } from "../../store/actions/layout";
import { openDialog } from "../../store/actions/page";
import { listingOf, methodNamed, nSeen } from "../../store/selectors/listing";
import { isModified } from "../../store/selectors/quality";
import { requestedDatasetId, requestedProjection } from "../../store/selectors/request";
import { selection, shownDataset } from "../../store/selectors/shown";
import { driftSides } from "../../store/selectors/views";
import type { Shown, State } from "../../store/state/state";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { Lazy } from "../controls/lazy";
import { QualityStatus } from "../quality/quality-status";

const MATCHING = async () => (await import("./match-status")).MatchStatus;
const REMOTE = () => import("./remote-use").then((module) => module.RemoteUses);

export function StatusBar(): JSX.Element {
  const info = useSelect((state) => shownDataset(state)?.info ?? null);
  const shown = useSelect(shownSentence);
  const hasPartners = useSelect(({ views }) => views.partners !== "");
  const kept = useSelect(keptSentence, [], isEqual);
  const isRemote = useSelect((state) => listingOf(state)?.remote !== undefined);
  const isWhole = useSelect(({ page }) => page.isWhole);
  const nSelected = useSelect((state) => selection(state).length);
  const nFound = useSelect(({ attention }) => attention.search.rows.value?.length ?? null);
  return (
    <footer class="status">
      {info && (
        <span class="status-part number">
          {info.n_all
            ? `${count(info.n_points)} of ${counted(info.n_all, "point")}, drawn at random`
            : counted(info.n_points, "point")}
          {" · "}
          {counted(info.n_dims, "dimension")}
        </span>
      )}
      {!isWhole && <span class="status-part is-drawing">some are still being drawn</span>}
      {shown && <span class="status-part is-main number">{shown}</span>}
      <Lazy isWanted={hasPartners} load={MATCHING} />
      {kept && (
        <span class="status-part number" title={kept.title}>
          {kept.text}
        </span>
      )}
      <QualityStatus />
      {nFound !== null && <span class="status-part number">{count(nFound)} found</span>}
      {nSelected > 0 && <span class="status-part number">{count(nSelected)} selected</span>}
      <span class="status-space" />
      <Lazy isWanted={isRemote} load={REMOTE} />
      <Looking />
      <Warnings />
      <Problems />
      <TableButton />
    </footer>
  );
}

/** The list of runs and tensors still gets longer. */
function Looking(): JSX.Element | null {
  const n = useSelect(nSeen);
  if (n === null) return null;
  return (
    <span class="status-part number" title="More runs and tensors may be found">
      still looking: {counted(n, "file")} seen
    </span>
  );
}

function TableButton(): JSX.Element {
  const store = useStore();
  const isOpen = useSelect(({ layout }) => layout.open.table);
  return (
    <button
      type="button"
      class="status-button"
      aria-pressed={isOpen}
      title="Show the metadata as a table (M)"
      onClick={() => store.dispatch(togglePanel("table"))}
    >
      <Icon name="table" />
      Table
    </button>
  );
}

/** What two views that were compared have in common, where both are on the page. */
function keptSentence(state: State): { readonly text: string; readonly title: string } | null {
  const { result, from, to } = state.drift ?? {};
  if (!result || from === undefined || to === undefined) return null;
  const [a, b] = driftSides(state, from, to);
  if (a.length > 1) return null;
  const { kept, kept_error, k } = result.summary;
  return {
    text: `kept neighbors ${a}→${b} ${percent(kept)}`,
    title: `Of the ${k} nearest neighbors of a point in ${a}, this share (± ${percent(kept_error)}) are among those in ${b}, in the mean over all points.`,
  };
}

/** "UMAP 2D · n_neighbors 15 · min_dist 0.1 · seed 0" */
function shownSentence(state: State): string | null {
  const { shown } = state.work;
  if (!shown) return null;
  const method = methodNamed(state, shown.method);
  const { dims } = shown.positions;
  const parts = [`${method?.title ?? shown.method} ${dims}D`];
  const reference = state.quality.references[shown.projection];
  if (reference) parts.push(`aligned to ${reference}`);
  const nSteps = state.work.projections[shown.projection]?.series?.datasets.length;
  if (nSteps) parts.push(`${count(nSteps)} steps together`);
  if (isModified(state)) parts.push("modified during the run");
  if (shown.components) parts.push(`components ${shown.components.map((i) => i + 1).join(", ")}`);
  if (method) parts.push(...settingNotes(method, shown.params));
  if (shown.isLive) parts.push("in progress");
  if (state.work.projections[shown.projection]?.state === "cancelled") parts.push("stopped early");
  const lag = lagging(state, shown);
  if (lag) parts.push(lag);
  return parts.join(" · ");
}

/** The projection of one step stays until that of the next is there: say which one it is. */
function lagging(state: State, shown: Shown): string | null {
  const wanted = requestedDatasetId(state);
  const info = state.datasets[shown.dataset]?.info;
  if (wanted === null || wanted === shown.dataset || !info) return null;
  return `still showing ${info.run}${info.step === null ? "" : `, step ${count(info.step)}`}`;
}

/** What was dropped, sampled or guessed, with numbers, for the projection that is shown. */
function Warnings(): JSX.Element | null {
  const store = useStore();
  const n = useSelect((state) => allWarnings(state).length);
  const first = useSelect((state) => allWarnings(state)[0] ?? "");
  if (n === 0) return null;
  return (
    <button
      type="button"
      class="status-button is-warning"
      title={first}
      onClick={() => store.dispatch(openDialog("problems"))}
    >
      <Icon name="warning" />
      <span class="status-cut">{first}</span>
      {n > 1 && <span class="number">+{n - 1}</span>}
    </button>
  );
}

function Problems(): JSX.Element | null {
  const store = useStore();
  const n = useSelect((state) => listingOf(state)?.problems.length ?? 0);
  if (n === 0) return null;
  return (
    <button
      type="button"
      class="status-button"
      onClick={() => store.dispatch(openDialog("problems"))}
    >
      <Icon name="warning" />
      {counted(n, "problem")}
    </button>
  );
}

function unplacedText(n: number): string {
  return `${counted(n, "point")} with NaN or infinity ${n === 1 ? "has" : "have"} no position.`;
}

/** Of the dataset and of the projection. */
export function allWarnings(state: State): readonly string[] {
  const info = shownDataset(state)?.info;
  const own = info?.warnings ?? [];
  const unplaced =
    info && info.n_unplaced > 0 && own.length === 0 ? [unplacedText(info.n_unplaced)] : [];
  const projection = requestedProjection(state);
  return [...own, ...unplaced, ...(projection ? warningsOf(projection) : [])];
}
