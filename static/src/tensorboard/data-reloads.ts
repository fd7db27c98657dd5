/** TensorBoard's word to its plug-ins, of which we hear one: the data was loaded again. */

interface Message {
  readonly type: string;
  readonly id: number;
  readonly isReply: boolean;
}

/** Both names are TensorBoard's. */
const BEGIN = "experimental.bootstrap";
const RELOADED = "experimental.DataReloaded";

/** Calls back whenever TensorBoard's button or its timer has loaded its data again. */
export function dataReloads(tensorboard: Pick<Window, "postMessage">, onReload: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = read(data);
    if (message === null || message.isReply) return;
    const { type, id } = message;
    if (type === RELOADED) onReload();
    // It waits for an answer to every message, and keeps those that are not answered.
    port1.postMessage(JSON.stringify({ type, id, payload: null, error: null, isReply: true }));
  };
  tensorboard.postMessage(BEGIN, location.origin, [port2]);
}

/** Messages are JSON, also between the frames of one browser. */
function read(data: unknown): Message | null {
  if (typeof data !== "string") return null;
  const found: unknown = JSON.parse(data);
  return isMessage(found) ? found : null;
}

function isMessage(found: unknown): found is Message {
  return typeof found === "object" && found !== null && "type" in found && "id" in found;
}
