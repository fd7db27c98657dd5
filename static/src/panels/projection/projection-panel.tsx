/** The projection panel: the method, its parameters, and its progress while it runs. */

import { Fragment, type JSX } from "preact";
import { isEqual } from "../../model/data/equality";
import { isWorking, shareDone } from "../../model/data/work";
import type { Method, Params } from "../../model/projection/method";
import { formGroups } from "../../model/projection/parameter-form";

import { draftRequest, openMethod, resetParameters } from "../../store/actions/projection";
import { isPlaceGone } from "../../store/selectors/companions";
import { formProblems } from "../../store/selectors/form";
import { listingOf, methodNamed, methodsOf } from "../../store/selectors/listing";
import { liveNames, pendingChanges } from "../../store/selectors/live-parameters";
import { finishedProjection } from "../../store/selectors/quality";
import {
  plainKey,
  requestedDatasetId,
  requestedProjection,
  requestKey,
} from "../../store/selectors/request";
import type { State } from "../../store/state/state";
import { useOffered, useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";
import { Lazy } from "../controls/lazy";
import { Section } from "../controls/section";
import { Components } from "./component-picker";
import { WorkProgress } from "./job-progress";
import { LabelsGroup } from "./labels-group";
import { LiveParameters, ModifiedNote } from "./live-parameters";
import { ParameterControl } from "./parameter-control";
import { PreprocessingGroup } from "./preprocessing-group";

const QUALITY = async () => (await import("../quality/quality-panel")).QualityPanel;
const STEPS = async () => (await import("./alignment-control")).StepLayout;
const ALIGNMENT = async () => (await import("./alignment-control")).AlignmentNote;
const HISTORY = async () => (await import("./projection-history")).ProjectionHistory;
const AXES = async () => (await import("./axis-ends")).AxisEndsTable;
const TIMES = async () => (await import("./time-spent")).TimeSpent;
const NO_METHODS: readonly Method[] = [];
const NO_PARAMS: Params = {};

export function ProjectionPanel(): JSX.Element {
  const store = useStore();
  const methods = useSelect(methodsOf) ?? NO_METHODS;
  const problem = useSelect(({ log }) =>
    log.methods.status === "failed" ? log.methods.message : null,
  );
  const method = useSelect((state) => methodNamed(state, state.view.method));
  const hasOthers = useSelect((state) => (listingOf(state)?.entries.length ?? 0) > 1);
  const hasHistory = useSelect(
    ({ work }) => work.before !== null || Object.keys(work.projections).length > 1,
  );
  const hasAxes = useSelect((state) => requestedProjection(state)?.details.axes !== undefined);
  const isFinished = useSelect((state) => finishedProjection(state) !== null);
  const isAligned = useSelect((state) => finishedProjection(state)?.details.alignment != null);
  const hasChanges = useSelect(
    ({ view }) => Object.keys(view.drafts[view.method] ?? {}).length > 0,
  );
  return (
    <Section
      title="Projection"
      actions={
        hasChanges && (
          <IconButton
            icon="reset"
            name="Reset parameters"
            onPress={() => store.dispatch(resetParameters())}
          />
        )
      }
    >
      {problem !== null && <p class="inline-error">{problem}</p>}
      <MethodTabs methods={methods} />
      {method && (
        <div class="stack" role="tabpanel" id="method-panel" aria-label={method.title}>
          <Components />
          <Lazy isWanted={hasAxes} load={AXES} />
          <Parameters method={method} />
          <Lazy isWanted={hasOthers} load={STEPS} />
          <Outcome method={method} />
          <ModifiedNote />
          <Lazy isWanted={isFinished} load={QUALITY} />
          <Lazy isWanted={isAligned} load={ALIGNMENT} />
          <Lazy isWanted={hasHistory} load={HISTORY} />
          <details class="advanced" key={`about ${method.name}`}>
            <summary>What {method.title} shows</summary>
            <p class="hint">
              {method.summary}
              {method.plugin && ` From ${method.plugin}.`}
            </p>
          </details>
          <Lazy isWanted={isFinished} load={TIMES} />
          <RunSlot method={method} />
        </div>
      )}
    </Section>
  );
}

function MethodTabs({ methods }: { readonly methods: readonly Method[] }): JSX.Element {
  const store = useStore();
  const open = useSelect(({ view }) => view.method);
  const onKeyDown = (event: KeyboardEvent) => {
    const move = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = methods.findIndex(({ name }) => name === open);
    const next = methods[(at + move + methods.length) % methods.length];
    if (move === 0 || !next) return;
    event.preventDefault();
    store.dispatch(openMethod(next.name));
    document.getElementById(`method-${next.name}`)?.focus();
  };
  return (
    <div class="segmented" role="tablist" aria-label="Method" onKeyDown={onKeyDown}>
      {methods.map(({ name, title }) => (
        <button
          key={name}
          id={`method-${name}`}
          type="button"
          class="segment"
          role="tab"
          aria-selected={name === open}
          aria-controls="method-panel"
          tabIndex={name === open ? 0 : -1}
          data-part={`method ${name}`}
          onClick={() => store.dispatch(openMethod(name))}
        >
          <span>
            {title}
            <TabProgress method={name} />
          </span>
        </button>
      ))}
    </div>
  );
}

/** Work that goes on behind another tab is not forgotten. */
function TabProgress({ method }: { readonly method: string }): JSX.Element | null {
  const share = useSelect(
    (state) => {
      const dataset = requestedDatasetId(state);
      const working = Object.values(state.work.projections).find(
        (each) => each.method === method && each.dataset === dataset && isWorking(each),
      );
      return working ? Math.floor((shareDone(working) ?? 0) * 100) : null;
    },
    [method],
  );
  return share === null ? null : <small class="tab-progress number">{share} %</small>;
}

function Parameters({ method }: { readonly method: Method }): JSX.Element {
  const dims = useSelect(({ view }) => view.dims);
  const draft = useSelect(({ view }) => view.drafts[method.name] ?? NO_PARAMS, [method]);
  const groups = formGroups(method, dims, draft);
  const { basic, preprocessing, labels } = groups;
  // Live parameters stand below the progress while the method runs.
  const live = useSelect(liveNames);
  const advanced = groups.advanced.filter(({ name }) => !live.includes(name));
  return (
    <>
      {basic.map((parameter) => (
        <ParameterControl key={`${method.name}.${parameter.name}`} parameter={parameter} />
      ))}
      <PreprocessingGroup
        key={`preprocessing ${method.name}`}
        method={method}
        parameters={preprocessing}
      />
      <LabelsGroup key={`labels ${method.name}`} method={method} parameters={labels} />
      {advanced.length > 0 && (
        <details class="advanced" key={method.name}>
          <summary>Advanced</summary>
          <div class="stack">
            {advanced.map((parameter) => (
              <Fragment key={`${method.name}.${parameter.name}`}>
                <ParameterControl parameter={parameter} />
                {/* It changes what is computed, not only how: said without being pointed at. */}
                {parameter.group === "scale" && <p class="hint">{parameter.help}</p>}
              </Fragment>
            ))}
          </div>
        </details>
      )}
    </>
  );
}

/** How the open form compares with the projection that is requested. */
interface FormStatus {
  /** The requested projection is of this method and is being computed. */
  readonly isWorking: boolean;
  readonly isPaused: boolean;
  /** The request is on its way to the server. */
  readonly isStarting: boolean;
  /** The requested projection is what the form says, and is there. */
  readonly isDone: boolean;
  /** There is a projection of this method, with other parameters. */
  readonly isChanged: boolean;
  /** The form says what the projection ended with, but it was modified while it ran. */
  readonly isModified: boolean;
}

function formStatus(state: State): FormStatus {
  const { view, work } = state;
  const projection = requestedProjection(state);
  const isSameMethod = view.request.method === view.method;
  const draft = draftRequest(state);
  const isModified = plainKey(state, draft) === state.quality.modified[projection?.id ?? ""]?.base;
  // What acts on the running work is no change that a new run would have to sform.
  const isFollowed = isWorking(projection) && (pendingChanges(state) !== null || isModified);
  const isSame = isFollowed || requestKey(state, draft) === requestKey(state, view.request);
  return {
    isWorking: isSameMethod && isWorking(projection),
    isPaused: projection?.paused ?? false,
    isStarting: isSame && work.request.status === "loading",
    isDone: isSame && projection?.state === "done",
    isChanged: isSameMethod && !isSame,
    isModified,
  };
}

/** What can be changed while it runs, and what it found. */
function Outcome({ method }: { readonly method: Method }): JSX.Element | null {
  const { isWorking, isDone } = useSelect(formStatus, [], isEqual);
  if (useSelect(isPlaceGone)) return null;
  if (isWorking) return <LiveParameters method={method} />;
  return isDone ? <WorkProgress /> : null;
}

/** At the lower edge of the panel, wherever its content is scrolled: what is done, or can be. */
function RunSlot({ method }: { readonly method: Method }): JSX.Element | null {
  const store = useStore();
  const form = useSelect(formStatus, [], isEqual);
  const problem = useSelect((state) => formProblems(state)[0] ?? null);
  // What is gone can be looked at, but nothing new can be made of it.
  if (useSelect(isPlaceGone))
    return <p class="hint">Its file was deleted, so it cannot be computed again.</p>;
  if (form.isDone && !form.isChanged && !problem) return null;
  return (
    <div class="run-slot">
      {form.isWorking && (
        <>
          <WorkProgress />
          <WorkButtons isPaused={form.isPaused} />
        </>
      )}
      {problem && <p class="inline-error">{problem}</p>}
      {form.isChanged && !problem && (
        <p class="hint">
          {form.isModified
            ? "Run computes this from scratch with these parameters."
            : "Parameters changed. Run to apply them."}
        </p>
      )}
      {(!form.isDone || problem) && !(form.isWorking && !form.isChanged) && (
        <button
          type="button"
          class="button is-primary"
          disabled={form.isStarting || problem !== null}
          onClick={() => store.request({ kind: "run" })}
        >
          <Icon name="play" />
          {form.isStarting ? "Starting…" : `Run ${method.title}`}
        </button>
      )}
    </div>
  );
}

function WorkButtons({ isPaused }: { readonly isPaused: boolean }): JSX.Element | null {
  const store = useStore();
  const isOffered = useOffered("stop");
  if (!isOffered) return null;
  return (
    <div class="button-row">
      <button
        type="button"
        class="button"
        onClick={() => store.request({ kind: isPaused ? "resume" : "pause" })}
      >
        <Icon name={isPaused ? "play" : "pause"} />
        {isPaused ? "Resume" : "Pause"}
      </button>
      <button type="button" class="button" onClick={() => store.request({ kind: "stop" })}>
        <Icon name="stop" />
        Stop
      </button>
    </div>
  );
}
