/** Requests for projections: start, follow, update, stop, positions. */
import type { References } from "../model/projection/alignment";
import type { Params } from "../model/projection/method";
import type { Dims, Positions, Projection } from "../model/projection/projection";
import type { ClientHeader } from "./client";
import type { Frame } from "./frames";
import { JointFrames } from "./joint-frames";
import { getBytes, getJson, send, sendJson } from "./requests";
import type { Transport } from "./transport";
import { readPositions } from "./wire";

/** The datasets of several steps that are laid out together. */
export interface Together {
  readonly together: readonly string[];
}

export type ProjectionsApi = ReturnType<typeof projectionsApi>;

export function projectionsApi(transport: Transport, client: ClientHeader) {
  const joint = new JointFrames(transport);
  return {
    start(
      dataset: string,
      method: string,
      params: Params,
      references: References | Together = {},
      signal?: AbortSignal,
    ): Promise<Projection> {
      const body = { dataset, method, params, ...references };
      return sendJson(transport, "POST", ["projections"], body, {
        signal,
        headers: client,
      });
    },

    get(id: string, signal?: AbortSignal): Promise<Projection> {
      return getJson(transport, ["projections", id], { signal });
    },

    async stop(id: string): Promise<void> {
      await send(transport, { method: "DELETE", path: ["projections", id] });
    },

    async pause(id: string): Promise<void> {
      await sendJson(transport, "POST", ["projections", id, "pause"], {});
    },

    async resume(id: string): Promise<void> {
      await sendJson(transport, "POST", ["projections", id, "resume"], {});
    },

    /** Changes live parameters; the projection goes on under another id, which the answer has. */
    update(id: string, params: Params): Promise<Projection> {
      return sendJson(transport, "PATCH", ["projections", id], { params });
    },

    /** Lets the running method do something once, such as "perturb"; answers as `update` does. */
    act(id: string, action: string): Promise<Projection> {
      return sendJson(transport, "POST", ["projections", id, "actions", action], {});
    },

    /** `components` chooses among what PCA kept; null where the result is what is shown. */
    async positions(
      projection: Projection,
      components: readonly number[] | null,
      signal?: AbortSignal,
    ): Promise<Positions> {
      const query = { components: components?.join(",") };
      const dims: Dims = (components?.length ?? projection.n_components) === 3 ? 3 : 2;
      const path = ["projections", projection.id, "positions"];
      const body = await getBytes(transport, path, { query, signal });
      return readPositions(body, projection.n_points, dims);
    },

    /** Positions with all columns, tags among them, as a file. */
    table(
      id: string,
      format: "parquet" | "npz",
      components: readonly number[] | null,
      signal?: AbortSignal,
    ): Promise<ArrayBuffer> {
      const query = { format, components: components?.join(",") };
      return getBytes(transport, ["projections", id, "table"], { query, signal });
    },

    /** Positions while the projection is computed; aborting the signal ends them. */
    frames(id: string, dims: Dims, signal: AbortSignal): AsyncGenerator<Frame> {
      return joint.follow(id, dims, signal);
    },
  };
}
