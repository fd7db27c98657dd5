import { expect, it, vi } from "vitest";
import { dataReloads } from "../../src/tensorboard/data-reloads";

vi.stubGlobal("location", { origin: "http://board" });

/** Begins as TensorBoard sees it: with the port that it gets. */
function begun(onReload: () => void): { port: MessagePort; heard: unknown[]; asked: unknown[] } {
  const asked: unknown[] = [];
  const heard: unknown[] = [];
  let port: MessagePort | undefined;
  dataReloads(
    {
      postMessage(message: unknown, origin: unknown, ports?: unknown) {
        asked.push(message, origin);
        if (Array.isArray(ports)) port = ports[0];
      },
    },
    onReload,
  );
  if (!port) throw new Error("no port was given");
  port.onmessage = ({ data }) => heard.push(JSON.parse(String(data)));
  return { port, heard, asked };
}

it("begins as TensorBoard's plug-ins do, with a port, to its own origin only", () => {
  const { port, asked } = begun(() => undefined);
  port.close();
  expect(asked).toEqual(["experimental.bootstrap", "http://board"]);
});

it("calls back at a reload, and answers every message", async () => {
  const onReload = vi.fn();
  const { port, heard } = begun(onReload);
  for (const [id, type] of ["experimental.RunsChanged", "experimental.DataReloaded"].entries()) {
    port.postMessage(JSON.stringify({ type, id, error: null, isReply: false }));
  }
  await vi.waitUntil(() => heard.length === 2);
  port.close();
  expect(onReload).toHaveBeenCalledTimes(1);
  expect(heard).toEqual([
    { type: "experimental.RunsChanged", id: 0, payload: null, error: null, isReply: true },
    { type: "experimental.DataReloaded", id: 1, payload: null, error: null, isReply: true },
  ]);
});

it("leaves answers and what it does not know alone", async () => {
  const onReload = vi.fn();
  const { port, heard } = begun(onReload);
  port.postMessage(new Uint8Array(1));
  port.postMessage("3");
  port.postMessage('{ "type": "experimental.DataReloaded", "id": 1, "isReply": true }');
  port.postMessage('{ "type": "experimental.DataReloaded", "id": 2, "isReply": false }');
  await vi.waitUntil(() => heard.length === 1);
  port.close();
  expect(onReload).toHaveBeenCalledTimes(1);
});
