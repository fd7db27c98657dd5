/** Plays the steps: each one stays on the screen for a while once it is shown. */
import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { tensorsOf } from "../../model/data/listing";
import { setPlaying, stepAwaited } from "../../store/actions/page";
import { goToStep, moveStep } from "../../store/actions/place";
import { listingOf } from "../../store/selectors/listing";
import { requestedDatasetId } from "../../store/selectors/request";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";

/**
 * @param along The states of views that go along: their steps are waited for, too, so that all
 * points move together.
 */
export function startStepPlayer(
  store: Store,
  along: ReadonlySignal<readonly State[]> = signal([]),
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isPlaying = store.select(({ page }) => page.isPlaying);
  const interval = store.select(({ page }) => page.playSeconds);
  // A step that is still being computed is waited for, and then has its full time.
  const isThere = computed(() => [store.state.value, ...along.value].every(isAtItsStep));
  const step = store.select(({ view }) => view.place?.step ?? null);
  let wasPlaying = false;
  return effect(() => {
    clearTimeout(timer);
    const isStart = isPlaying.value && !wasPlaying;
    wasPlaying = isPlaying.value;
    if (!isPlaying.value) return;
    step.value;
    const isAwaited = !isThere.value;
    untracked(() => {
      if (store.state.peek().page.isStepAwaited !== isAwaited)
        store.dispatch(stepAwaited(isAwaited));
    });
    if (isAwaited) return;
    const wait = isStart ? 0 : interval.value * 1000;
    timer = setTimeout(() => advance(store, isStart), wait);
  });
}

function isAtItsStep(state: State): boolean {
  const { shown } = state.work;
  return shown?.dataset === requestedDatasetId(state) && !shown?.isLive;
}

function advance(store: Store, isStart: boolean): void {
  const state = store.state.peek();
  const steps = stepsHere(state);
  const at = steps.indexOf(state.view.place?.step ?? null);
  if (at < steps.length - 1) store.dispatch(moveStep(1));
  // Pressed at the end it begins again; played to the end it stops there.
  else if (isStart && steps.length > 1) store.dispatch(goToStep(steps[0] ?? null));
  else store.dispatch(setPlaying(false));
}

function stepsHere(state: State): readonly (number | null)[] {
  const listing = listingOf(state);
  const { place } = state.view;
  if (!listing || !place) return [];
  const tensor = tensorsOf(listing, place.run).find(({ name }) => name === place.name);
  return tensor?.steps.map(({ step }) => step) ?? [];
}
