/** What was fetched of log directories that are not on the server's machine. */
import type { JSX } from "preact";
import { isEqual } from "../../model/data/equality";
import type { RemoteUse } from "../../model/data/listing";
import { byteSize } from "../../model/text/byte-size";
import { counted } from "../../model/text/format";
import { listingOf } from "../../store/selectors/listing";
import { useSelect } from "../context";

export function RemoteUses(): JSX.Element | null {
  const remote = useSelect((state) => listingOf(state)?.remote ?? null, [], isEqual);
  if (!remote) return null;
  const sum = (each: (use: RemoteUse) => number) => remote.reduce((n, use) => n + each(use), 0);
  return (
    <span class="status-part number" title={remote.map(remoteSentence).join("\n")}>
      {byteSize(sum((use) => use.n_bytes))} of {byteSize(sum((use) => use.n_total_bytes))} fetched ·{" "}
      {counted(
        sum((use) => use.n_requests),
        "request",
      )}
    </span>
  );
}

function remoteSentence({ address, trouble, poll_seconds }: RemoteUse): string {
  const polled = poll_seconds
    ? `is looked at again every ${counted(poll_seconds, "second")}`
    : "is not looked at again";
  return `${address} ${polled}. ${trouble}`.trim();
}
