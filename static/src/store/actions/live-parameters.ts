/** A projection whose live parameters were updated: it goes on under another id. */
import type { Params } from "../../model/projection/method";
import type { Projection } from "../../model/projection/projection";
import { plainKey, requestKey } from "../selectors/request";
import type { State } from "../state/state";
import type { Action } from "../store";

/**
 * What comes out belongs to no set of parameters. So it answers a request of its own, and asking
 * for the same parameters later computes them from the start.
 */
export function projectionModified(old: string, news: Projection, params: Params): Action {
  return (state) => {
    const { modified: _, ...plain } = state.view.request;
    const request = { ...plain, params, modified: news.id };
    const base = plainKey(state, request);
    if (base === null) return state;
    const { [old]: __, ...modified } = state.quality.modified;
    const { [old]: reference, ...references } = state.quality.references;
    const next: State = {
      ...state,
      view: { ...state.view, request },
      quality: {
        ...state.quality,
        modified: { ...modified, [news.id]: { base, request } },
        references: reference ? { ...references, [news.id]: reference } : references,
      },
    };
    return { ...next, work: adopted(next, old, news) };
  };
}

function adopted(state: State, old: string, news: Projection): State["work"] {
  const { work, view } = state;
  const { [old]: _, ...projections } = work.projections;
  const answers = Object.entries(work.answers).filter(([, id]) => id !== old);
  const key = requestKey(state, view.request) ?? "";
  const isShown = work.shown?.projection === old;
  return {
    ...work,
    projections: { ...projections, [news.id]: news },
    answers: { ...Object.fromEntries(answers), [key]: news.id },
    // The same positions go on: there is nothing to compare with and nothing to animate.
    shown:
      work.shown && isShown
        ? { ...work.shown, projection: news.id, params: news.params }
        : work.shown,
  };
}
