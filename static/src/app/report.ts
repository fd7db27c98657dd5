/** Says on the screen what went wrong. */
import { isAbort, messageOf } from "../api/errors";
import { notify } from "../store/actions/page";
import type { Store } from "../store/store";

/** What was given up is no error. */
export function report(store: Pick<Store, "dispatch">): (error: unknown) => void {
  return (error) => {
    if (!isAbort(error)) store.dispatch(notify("error", messageOf(error)));
  };
}
