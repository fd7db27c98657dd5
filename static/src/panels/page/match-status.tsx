/** In the status bar: which points the views have in common, and by what that is decided. */
import type { JSX } from "preact";
import { isEqual } from "../../model/data/equality";
import { choiceOf } from "../../model/view/matching";
import { setMatchBy } from "../../store/actions/page";
import { matchOptions, matchWords } from "../../store/selectors/matching";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";

export function MatchStatus(): JSX.Element | null {
  const store = useStore();
  const words = useSelect(matchWords, [], isEqual);
  const options = useSelect(matchOptions, [], isEqual);
  const value = useSelect(({ page }) => page.matchBy);
  if (!words) return null;
  return (
    <span
      class={words.isCaution ? "status-part number is-caution" : "status-part number"}
      title={words.meaning}
    >
      {words.isCaution && <Icon name="warning" />}
      {words.text}
      <select
        class="status-choice"
        aria-label="Match points"
        title="By what points of different views are taken for the same ones"
        value={value}
        onChange={({ currentTarget }) => store.dispatch(setMatchBy(choiceOf(currentTarget.value)))}
      >
        {options.map(({ value, title }) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
    </span>
  );
}
