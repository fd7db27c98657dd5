/** Which projection is requested, which is pending, which is shown. */
import {
  N_COMPONENTS,
  type ParameterValue,
  type Params,
  withoutDefaults,
} from "../../model/projection/method";
import { withParameter } from "../../model/projection/parameter-form";
import type { Dims, Projection } from "../../model/projection/projection";
import { newerQuality } from "../../model/projection/quality";
import type { Request } from "../../model/view/view";
import { mistypedKey } from "../selectors/form";
import { entryOf, methodNamed } from "../selectors/listing";
import { isSamePicture } from "../selectors/picture";
import { nPointsOf } from "../selectors/points";
import { isInstant, requestKey } from "../selectors/request";
import { meansTogether, tensorKey } from "../selectors/together";
import { IDLE, LOADING, type ProjectionChoice, type Shown, type State } from "../state/state";
import type { Action } from "../store";
import { withColorsArranged } from "./color-order";
import { forgetPoints, select } from "./selection";

/**
 * Open a method's controls. What was computed already is shown at once, and so is what is done at
 * once; the others wait for "Run".
 */
export function openMethod(method: string): Action {
  return (state) => {
    const opened = { ...state, view: { ...state.view, method } };
    const request = draftRequest(opened);
    const isKnown = state.work.answers[requestKey(opened, request) ?? ""] !== undefined;
    return isKnown || startsByItself(opened)
      ? { ...opened, view: { ...opened.view, request } }
      : opened;
  };
}

/** A method that asks for points has nothing to show before they are chosen. */
function startsByItself(state: State): boolean {
  const { method } = state.view;
  const asksForPoints =
    methodNamed(state, method)?.parameters.some(({ kind }) => kind === "points") ?? false;
  return isInstant(state, method) && !asksForPoints;
}

export function setParameter(name: string, value: ParameterValue): Action {
  return (state) => {
    const { method, drafts } = state.view;
    const { [mistypedKey(method, name)]: _, ...mistyped } = state.work.mistyped;
    return setDraft(
      { ...state, work: { ...state.work, mistyped } },
      withParameter(methodNamed(state, method), drafts[method] ?? {}, name, value),
    );
  };
}

/** Keep a text that is no value: the person goes on with it, and nothing runs without it. */
export function mistype(name: string, text: string, over: ParameterValue): Action {
  return (state) => {
    const key = mistypedKey(state.view.method, name);
    const mistyped = { ...state.work.mistyped, [key]: { text, over } };
    return { ...state, work: { ...state.work, mistyped } };
  };
}

export function resetParameters(): Action {
  return (state) => setDraft({ ...state, work: { ...state.work, mistyped: {} } }, {});
}

/** Settings that were computed already are shown as soon as they are set. */
function setDraft(state: State, draft: Params): State {
  const { method, drafts } = state.view;
  const next = { ...state, view: { ...state.view, drafts: { ...drafts, [method]: draft } } };
  const request = draftRequest(next);
  const isKnown = state.work.answers[requestKey(next, request) ?? ""] !== undefined;
  return isKnown ? { ...next, view: { ...next.view, request } } : next;
}

/** Want what the open form says. */
export function requestDraft(): Action {
  return (state) => ({ ...state, view: { ...state.view, request: draftRequest(state) } });
}

/** Flat or deep: what is on the screen follows at once. */
export function setDims(dims: Dims): Action {
  return (state) => ({
    ...state,
    view: { ...state.view, dims, request: { ...state.view.request, dims }, camera: null },
  });
}

export function setComponent(axis: number, component: number): Action {
  return (state) => {
    const components = [...state.view.components];
    const old = components[axis] ?? axis;
    const other = components.indexOf(component);
    // A component cannot be two axes: the two change places.
    if (other >= 0) components[other] = old;
    components[axis] = component;
    return { ...state, view: { ...state.view, components } };
  };
}

export function requestStarted(key: string): Action {
  return (state) => ({ ...state, work: { ...state.work, request: LOADING, asked: key } });
}

export function requestAnswered(key: string, projection: Projection): Action {
  return (state) => {
    const heard = projectionHeard(projection)(state);
    return {
      ...heard,
      work: {
        ...heard.work,
        // Another request may have been sent since; that one is still open.
        request: heard.work.asked === key ? IDLE : heard.work.request,
        answers: { ...heard.work.answers, [key]: projection.id },
        together: withSteps(state, projection),
      },
    };
  };
}

/** The steps that a tensor's are laid out with from now on. */
function withSteps(state: State, { dataset, series }: Projection): State["work"]["together"] {
  const entry = entryOf(state, dataset);
  if (!series || !entry) return state.work.together;
  return { ...state.work.together, [tensorKey(entry)]: series.datasets };
}

export function requestFailed(key: string, message: string): Action {
  return (state) =>
    state.work.asked === key
      ? { ...state, work: { ...state.work, request: { status: "failed", message } } }
      : state;
}

/** What is requested now could not be loaded, also where it was known already. */
export function projectionFailed(key: string, message: string): Action {
  return (state) => requestFailed(key, message)({ ...state, work: { ...state.work, asked: key } });
}

/**
 * A newer description of a projection. Answers and events overtake each other on their way, so
 * one that is older than the known one is dropped.
 */
export function projectionHeard(projection: Projection): Action {
  return (state) => {
    const known = state.work.projections[projection.id];
    if (known && isOlder(projection, known)) return state;
    const quality = newerQuality(projection.quality, known?.quality ?? null);
    const projections = { ...state.work.projections, [projection.id]: { ...projection, quality } };
    // A stopped or failed one answers nothing: asking again must start it again.
    const isDead = projection.state === "cancelled" || projection.state === "failed";
    const answers = isDead ? without(state, projection.id) : state.work.answers;
    return { ...state, work: { ...state.work, projections, answers } };
  };
}

/** A restarted server does not know it: it has to be requested again. */
export function projectionForgotten(id: string): Action {
  return (state) => {
    const { [id]: _, ...projections } = state.work.projections;
    return { ...state, work: { ...state.work, projections, answers: without(state, id) } };
  };
}

/**
 * A projection on the screen; another one than before makes that the one to be compared with.
 * Other points altogether have nothing of what was selected among the old ones, and where another
 * picture has its points, the camera need not look.
 */
export function showPositions(shown: Shown): Action {
  return (state) => {
    const old = state.work.shown;
    const isOther =
      old !== null && (old.projection !== shown.projection || old.dataset !== shown.dataset);
    const before = isOther ? (state.work.choice ?? state.work.before) : state.work.before;
    const isOfOthers = old !== null && nPointsOf(old) !== nPointsOf(shown);
    const here = withCarried(isOfOthers ? forgetPoints()(state) : state, shown);
    const isRequested = shown.method === state.view.request.method;
    const { isCameraMeant } = here.work;
    const staysPut = old === null || isCameraMeant || isSamePicture(state, old, shown);
    const isLost = isOfOthers && !isCameraMeant;
    return withColorsArranged({
      ...here,
      view: { ...here.view, camera: staysPut && !isLost ? state.view.camera : null },
      work: {
        ...here.work,
        shown,
        before,
        choice: choiceOf(state),
        isCameraMeant: isCameraMeant && !isRequested,
      },
    });
  };
}

/** What was selected in a part of these points, where a person came back from it. */
function withCarried(state: State, { dataset }: Shown): State {
  const { carried } = state.work;
  if (!carried) return state;
  const here = { ...state, work: { ...state.work, carried: null } };
  return carried.dataset === dataset ? select(carried.rows)(here) : here;
}

/** Switch to the previous projection, and back again. */
export function compareWithLast(): Action {
  return (state) => {
    const { before } = state.work;
    if (!before) return state;
    const { place, method, request, components } = before;
    return { ...state, view: { ...state.view, place, method, request, components } };
  };
}

/** Show again what was computed. */
export function showProjection(projection: Projection): Action {
  return (state) => {
    const method = methodNamed(state, projection.method);
    // What was changed while it ran is no answer to its parameters: it is asked for by itself.
    const modified = state.quality.modified[projection.id]?.request;
    const { [N_COMPONENTS]: _, ...params } = withoutDefaults(method, projection.params);
    const dims = projection.n_kept > 0 ? state.view.dims : projection.n_components === 3 ? 3 : 2;
    return {
      ...state,
      view: {
        ...state.view,
        dims,
        stepLayout: projection.series
          ? "together"
          : meansTogether(state)
            ? "alone"
            : state.view.stepLayout,
        method: projection.method,
        drafts: { ...state.view.drafts, [projection.method]: modified?.params ?? params },
        request: modified ?? { method: projection.method, params, dims },
        camera: dims === state.view.dims ? state.view.camera : null,
      },
    };
  };
}

function choiceOf({ view }: State): ProjectionChoice {
  const { place, method, request, components } = view;
  return { place, method, request, components };
}

/** What a form says, as a request. */
export function draftRequest(state: State): Request {
  const { method, drafts, dims } = state.view;
  return {
    method,
    params: withoutDefaults(methodNamed(state, method), drafts[method] ?? {}),
    dims,
  };
}

function without(state: State, id: string): State["work"]["answers"] {
  return Object.fromEntries(Object.entries(state.work.answers).filter(([, each]) => each !== id));
}

/** Only a finished one is final: a cancelled one can be started again under the same id. */
function isOlder(news: Projection, known: Projection): boolean {
  return known.state === "done" && news.state !== "done";
}
