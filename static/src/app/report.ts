/** Shows errors as notices. */
import { isAbort, messageOf } from "../api/errors";
import { notify } from "../store/actions/page";
import type { Store } from "../store/store";

/** A cancelled task is no error. */
export function report(store: Pick<Store, "dispatch">): (error: unknown) => void {
  return (error) => {
    if (!isAbort(error)) store.dispatch(notify("error", messageOf(error)));
  };
}
