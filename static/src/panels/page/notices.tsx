/** Messages, the banner of a lost connection, and the live region for screen readers. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { dismiss } from "../../store/actions/page";
import type { Notice } from "../../store/state/state";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";

/** Long enough to read; errors stay until they are taken away. */
const INFO_MILLISECONDS = 6000;

export function Notices(): JSX.Element {
  const notices = useSelect(({ page }) => page.notices);
  return (
    <div class="notices">
      {notices.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function Toast({ notice: { id, kind, message } }: { readonly notice: Notice }): JSX.Element {
  const store = useStore();
  useEffect(() => {
    if (kind === "error") return;
    const timer = setTimeout(() => store.dispatch(dismiss(id)), INFO_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [id, kind, store]);
  return (
    <div class={`toast is-${kind}`} role={kind === "error" ? "alert" : "status"}>
      {kind !== "info" && <Icon name="warning" />}
      <p>{message}</p>
      <IconButton icon="close" name="Dismiss" onPress={() => store.dispatch(dismiss(id))} />
    </div>
  );
}

/** What a page in a notebook says of its kernel. */
const KERNEL = {
  busy: "The kernel is busy; answers come when the cell ends.",
  over: "The kernel has ended or was restarted. Run the cell again; the plot stays as it is.",
};

export function ConnectionBanner(): JSX.Element | null {
  const isConnected = useSelect(({ page }) => page.isConnected);
  const isCrowded = useSelect(({ page }) => page.isCrowded);
  const kernel = useSelect(({ page }) => page.kernel);
  if (isConnected && kernel === "free") return null;
  return (
    <div class="banner" role="alert">
      <Icon name="warning" />
      {kernel !== "free"
        ? KERNEL[kernel]
        : isCrowded
          ? "Too many tabs of projector are open, so this one shows no progress and no changes. Close other tabs."
          : "The server is not responding. Reconnecting; the plot stays as it is."}
    </div>
  );
}

export function LiveRegion(): JSX.Element {
  const text = useSelect(({ page }) => page.announcement);
  return (
    <div class="visually-hidden" role="status" aria-live="polite" aria-atomic="true">
      {text}
    </div>
  );
}
