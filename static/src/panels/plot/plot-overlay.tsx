/** The message over the plot while there is nothing to draw: loading, empty, or what failed. */

import type { ComponentChildren, JSX } from "preact";
import { isWorking } from "../../model/data/work";
import { placeInLine } from "../../model/projection/projection";
import { counted } from "../../model/text/format";
import { openDialog } from "../../store/actions/page";
import { isLooking, listingOf, methodNamed, nSeen } from "../../store/selectors/listing";
import { requestedProjection } from "../../store/selectors/request";
import type { State } from "../../store/state/state";
import { useOffered, useSelect, useStore } from "../context";
import { OpenFileButton } from "../page/open-file-button";

type Plot =
  | "drawn"
  | "no-webgl"
  | "context-lost"
  | "log-failed"
  | "removed"
  | "empty"
  | "looking"
  | "failed"
  | "loading";

function plotState(state: State): Plot {
  const { log, page, work } = state;
  if (page.graphics === "unavailable") return "no-webgl";
  if (page.graphics === "lost") return "context-lost";
  if (log.listing.status === "failed") return "log-failed";
  // What was deleted from the log directory stays on the screen.
  if (work.shown) return "drawn";
  const listing = listingOf(state);
  if (isLooking(state) && state.view.place === null) return "looking";
  if (listing?.entries.length === 0) return listing.is_missing ? "removed" : "empty";
  return work.request.status === "failed" ? "failed" : "loading";
}

export function PlotOverlay(): JSX.Element | null {
  const plot = useSelect(plotState);
  switch (plot) {
    case "drawn":
      return null;
    case "no-webgl":
      return (
        <Message title="This browser cannot draw the points">
          <p>
            The plot needs WebGL2. Turn on hardware acceleration in the browser's settings, or use a
            current version of Firefox, Chrome, Edge or Safari. Search and metadata work without it.
          </p>
        </Message>
      );
    case "context-lost":
      return (
        <Message title="The graphics card was reset">
          <p>The plot will be restored automatically.</p>
        </Message>
      );
    case "log-failed":
      return <LogFailed />;
    case "removed":
      return <RemovedLog />;
    case "empty":
      return <EmptyLog />;
    case "looking":
      return <Looking />;
    case "failed":
      return <ProjectionFailed />;
    case "loading":
      return <Loading />;
  }
}

interface MessageProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

function Message({ title, children }: MessageProps): JSX.Element {
  return (
    <div class="plot-message">
      <div class="plot-message-frame">
        <h2>{title}</h2>
        {children}
      </div>
    </div>
  );
}

function LogFailed(): JSX.Element {
  const store = useStore();
  const message = useSelect(({ log }) =>
    log.listing.status === "failed" ? log.listing.message : "",
  );
  return (
    <Message title="The log directory cannot be read">
      <p>{message}</p>
      <button type="button" class="button" onClick={() => store.request({ kind: "reload-log" })}>
        Try again
      </button>
    </Message>
  );
}

function RemovedLog(): JSX.Element {
  const root = useSelect((state) => listingOf(state)?.root ?? "");
  return (
    <Message title="The data was removed">
      <p>
        What was opened at <code>{root}</code> is not there any more. projector waits for it: as
        soon as it is there again, it is shown here.
      </p>
      <div class="plot-message-buttons">
        <OpenFileButton isLarge />
      </div>
    </Message>
  );
}

function EmptyLog(): JSX.Element {
  const store = useStore();
  const root = useSelect((state) => listingOf(state)?.root ?? "");
  const nProblems = useSelect((state) => listingOf(state)?.problems.length ?? 0);
  const canOpen = useOffered("choose-files");
  return (
    <Message title="No embeddings in this log directory yet">
      <p>
        projector found no file that it can read in <code>{root}</code>.{" "}
        {canOpen &&
          "Drop a file anywhere on this page, together with its metadata if it has any, or open one: "}
        {canOpen ? "NumPy" : "It reads NumPy"}, text, Parquet, safetensors, word vectors and more (
        <code>docs/formats.md</code>).
      </p>
      {canOpen && (
        <div class="plot-message-buttons">
          <OpenFileButton isLarge />
          <button type="button" class="button" onClick={() => store.request({ kind: "open-demo" })}>
            Open the demo
          </button>
        </div>
      )}
      <p>The page also updates as soon as something is written there. For example:</p>
      <ul>
        <li>
          PyTorch: <code>SummaryWriter(…).add_embedding(vectors, metadata)</code>
        </li>
        <li>
          TensorFlow: a checkpoint, with <code>projector_config.pbtxt</code> for labels and images
        </li>
        <li>
          Or open another directory: <code>projector --logdir DIR</code>
        </li>
      </ul>
      {nProblems > 0 && (
        <button type="button" class="button" onClick={() => store.dispatch(openDialog("problems"))}>
          Show what could not be read ({nProblems})
        </button>
      )}
    </Message>
  );
}

function ProjectionFailed(): JSX.Element {
  const store = useStore();
  const message = useSelect(({ work }) =>
    work.request.status === "failed" ? work.request.message : "",
  );
  return (
    <Message title="The projection failed">
      <p>{message}</p>
      <button type="button" class="button" onClick={() => store.request({ kind: "run" })}>
        Try again
      </button>
    </Message>
  );
}

/** Nothing was found yet, or not what the address names. */
function Looking(): JSX.Element {
  const n = useSelect(nSeen) ?? 0;
  return (
    <div class="plot-message is-quiet" role="status">
      Looking through the log directory: {counted(n, "file")} seen…
    </div>
  );
}

/** Quiet: the first projection is there before a sentence is read, unless the data is large. */
function Loading(): JSX.Element {
  const title = useSelect((state) => {
    const projection = requestedProjection(state);
    if (!projection || !isWorking(projection)) return "Loading";
    const title = methodNamed(state, projection.method)?.title ?? projection.method;
    return projection.state === "queued"
      ? `${title} is waiting: ${placeInLine(projection.ahead)}`
      : `${title}: ${projection.phase || "starting"}`;
  });
  return (
    <div class="plot-message is-quiet" role="status">
      {title}…
    </div>
  );
}
