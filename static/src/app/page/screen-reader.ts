/** Announces changes of the active view to screen readers. */
import { effect } from "@preact/signals";
import { placeInLine } from "../../model/projection/projection";
import { count, counted } from "../../model/text/format";
import { announce } from "../../store/actions/page";
import { openAnswer } from "../../store/selectors/companions";
import { methodNamed } from "../../store/selectors/listing";
import { requestedProjection } from "../../store/selectors/request";
import { isNameAwaited, pointLabel, selectedPoint, selection } from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";

export function startScreenReader(store: Store): () => void {
  const sources = [
    selectionSentence,
    workSentence,
    searchSentence,
    questionSentence,
    newStepSentence,
    connectionSentence,
  ];
  const stops = sources.map((sentence) => {
    const text = store.select(sentence);
    let isFirst = true;
    return effect(() => {
      const said = text.value;
      // What the page starts with is read with the page.
      if (said !== "" && !isFirst) store.dispatch(announce(said));
      isFirst = false;
    });
  });
  return () => {
    for (const stop of stops) stop();
  };
}

function selectionSentence(state: State): string {
  const rows = selection(state);
  const index = selectedPoint(state);
  if (index !== null) {
    if (isNameAwaited(state, index)) return "";
    const neighbors = state.attention.neighbors.value;
    const found = neighbors ? `, ${counted(neighbors.indices.length, "neighbor")}` : "";
    return `Selected ${pointLabel(state, index)}, row ${count(index)}${found}`;
  }
  return rows.length === 0 ? "Nothing selected" : `Selected ${counted(rows.length, "point")}`;
}

function workSentence(state: State): string {
  const projection = requestedProjection(state);
  if (!projection) return "";
  const title = methodNamed(state, projection.method)?.title ?? projection.method;
  switch (projection.state) {
    case "queued":
      return `${title} is waiting: ${placeInLine(projection.ahead)}`;
    case "running":
      return projection.paused ? `${title} is paused` : `${title}: ${projection.phase}`;
    case "done":
      return `${title} is done`;
    case "failed":
      return `${title} failed`;
    case "cancelled":
      return `${title} was stopped`;
  }
}

function searchSentence(state: State): string {
  const { text, rows } = state.attention.search;
  if (text === "" || rows.isLoading || !rows.value) return "";
  return `${counted(rows.value.length, "point")} found`;
}

function questionSentence(state: State): string {
  const answer = openAnswer(state);
  if (!answer || answer.isLoading) return "";
  return (
    answer.error ?? (answer.value ? `${count(answer.value.indices.length)} nearest found` : "")
  );
}

function newStepSentence({ newSteps }: State): string {
  return newSteps.newest?.step == null ? "" : `New step ${count(newSteps.newest.step)}`;
}

function connectionSentence(state: State): string {
  return state.page.isConnected ? "" : "The connection to the server is lost";
}
