/** How far a projection can be trusted, and how one is changed while it runs. */
import type { Params } from "../model/projection/method";
import type { Projection } from "../model/projection/projection";
import type { Figure } from "../model/projection/quality";
import { address, getBytes, postJson, sendJson } from "./http";
import { readNumbers } from "./wire";

/** Neighbors that count as near; the server's own choice, said here because the words name it. */
export const N_NEAR = 15;

/** Answers at once; the events tell how far it is. Asked again it has its answer ready. */
export function measureQuality(projection: string): Promise<Projection> {
  return postJson(address(["projections", projection, "quality"], { k: N_NEAR }), {});
}

/** One figure for every point; NaN for points that do not count. */
export async function getFigure(projection: Projection, figure: Figure): Promise<Float32Array> {
  const url = address(["projections", projection.id, "quality", figure]);
  return readNumbers(await getBytes(url), projection.n_points);
}

/** The same as with updated parameters: it goes on under another id. */
export function runAction(projection: string, action: string): Promise<Projection> {
  return postJson(address(["projections", projection, "actions", action]), {});
}

/** The projection goes on under another id, which the answer has. */
export function updateLiveParameters(projection: string, params: Params): Promise<Projection> {
  return sendJson("PATCH", address(["projections", projection]), { params });
}
