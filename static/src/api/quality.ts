/** Requests for a projection's quality. */
import type { Projection } from "../model/projection/projection";
import type { Score } from "../model/projection/quality";
import type { ClientHeader } from "./client";
import { getBytes, sendJson } from "./requests";
import type { Transport } from "./transport";
import { readNumbers } from "./wire";

/** Neighbors that count as near; the server's default, sent so that texts can quote it. */
const N_NEAR = 15;

export type QualityApi = ReturnType<typeof qualityApi>;

export function qualityApi(transport: Transport, client: ClientHeader) {
  return {
    /** Answers at once; events report the progress. Asked again, it has its scores ready. */
    measure(projection: string): Promise<Projection> {
      const path = ["projections", projection, "quality"];
      return sendJson(
        transport,
        "POST",
        path,
        {},
        {
          query: { k: N_NEAR },
          headers: client,
        },
      );
    },

    /** One score for every point; NaN for points that do not count. */
    async scores(projection: Projection, score: Score): Promise<Float32Array> {
      const path = ["projections", projection.id, "quality", score];
      return readNumbers(await getBytes(transport, path), projection.n_points);
    },
  };
}
