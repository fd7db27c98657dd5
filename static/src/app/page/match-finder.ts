/** Asks which points views have in common, where rows alone do not say it. */
import { computed, effect, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { chosenColumn, type MatchChoice } from "../../model/view/matching";
import { matchAsked, matchFailed, matchFound } from "../../store/actions/matches";
import { matchKey } from "../../store/state/matches";
import { isMatchedByRow, type PointSpace, tensorIn } from "../../store/state/point-space";
import type { RootState } from "../../store/state/root-state";
import type { RootStore } from "../../store/store";

interface Shown {
  readonly space: PointSpace;
  readonly dataset: string;
}

export function startMatches(root: RootStore, api: Api): () => void {
  const spaces = computed(() => JSON.stringify(shownSpaces(root.state.value)));
  const choice = root.select(({ page }) => page.page.matchBy);
  return effect(() => {
    const shown = JSON.parse(spaces.value) as readonly Shown[];
    const by = choice.value;
    untracked(() => {
      for (const [at, from] of shown.entries())
        for (const to of shown.slice(at + 1))
          if (isAsked(by, from.space, to.space)) void find(root, api, from, to, by);
    });
  });
}

/** It never rejects: the state says why there is no match. */
async function find(
  root: RootStore,
  api: Api,
  from: Shown,
  to: Shown,
  choice: MatchChoice,
): Promise<void> {
  const known = () => root.state.peek().data.matches[matchKey(from.space, to.space)];
  if (known()) return;
  root.dispatch(matchAsked(from.space, to.space));
  const asked = known();
  // Another choice forgets what was asked before.
  const isWanted = () => known() === asked && root.state.peek().page.page.matchBy === choice;
  try {
    const wanted = chosenColumn(choice);
    const answer = await api.matches.get(from.dataset, to.dataset, wanted ?? undefined);
    const rows =
      answer.by === null ? null : await api.matches.rows(from.dataset, to.dataset, answer.by);
    if (isWanted()) root.dispatch(matchFound(from.space, to.space, answer, rows));
  } catch (error) {
    if (isWanted()) root.dispatch(matchFailed(from.space, to.space, messageOf(error)));
  }
}

/** Each set of points with a dataset that has it. */
function shownSpaces({ views, order }: RootState): readonly Shown[] {
  const found = new Map<PointSpace, Shown>();
  for (const id of order) {
    const { space = "", work = null } = views[id] ?? {};
    const dataset = work?.shown?.dataset;
    if (dataset && !found.has(space)) found.set(space, { space, dataset });
  }
  return [...found.values()];
}

/** By itself only the same tensor is matched: of others, somebody has to say that they agree. */
function isAsked(choice: MatchChoice, from: PointSpace, to: PointSpace): boolean {
  if (choice === "row") return false;
  if (choice !== "auto") return true;
  return tensorIn(from) === tensorIn(to) && !isMatchedByRow(from, to);
}
