/** Plays through the steps, and how long each stays. */
import type { JSX } from "preact";
import { setPlaying, setPlaySeconds } from "../../store/actions/page";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";

const SECONDS = [0.5, 1, 2, 4] as const;

export function PlayButton(): JSX.Element {
  const store = useStore();
  const isPlaying = useSelect(({ page }) => page.isPlaying);
  const seconds = useSelect(({ page }) => page.playSeconds);
  return (
    <>
      <IconButton
        icon={isPlaying ? "pause" : "play"}
        name={isPlaying ? "Pause the steps" : "Play through the steps"}
        shortcut="P"
        onPress={() => store.dispatch(setPlaying(!isPlaying))}
      />
      {isPlaying && (
        <select
          class="select play-seconds"
          aria-label="Seconds per step"
          title="Seconds per step"
          value={String(seconds)}
          onChange={({ currentTarget }) =>
            store.dispatch(setPlaySeconds(Number(currentTarget.value)))
          }
        >
          {SECONDS.map((each) => (
            <option key={each} value={String(each)}>
              {each} s
            </option>
          ))}
        </select>
      )}
    </>
  );
}
