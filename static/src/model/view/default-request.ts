/** The projection that a dataset opens with. */
import { FIRST_METHOD } from "../projection/method";
import type { Request, View } from "./view";

/**
 * Two or three dimensions need no method: any would only rotate or fold them. Known by name for
 * the same reason as FIRST_METHOD: it is asked for before the declarations have come.
 */
const AS_GIVEN = "given";

/** Whether a dataset may open with a method: both are done at once, declared or not. */
export function mayBeFirst(method: string): boolean {
  return method === AS_GIVEN || method === FIRST_METHOD;
}

export function firstRequest(nDims: number): Request {
  return nDims === 2 || nDims === 3
    ? { method: AS_GIVEN, params: {}, dims: nDims }
    : { method: FIRST_METHOD, params: {}, dims: 2 };
}

/** Whether the request is still the one that the dataset opened with. */
export function isFirstRequest({ method, params, dims }: Request, nDims: number): boolean {
  const first = firstRequest(nDims);
  return method === first.method && dims === first.dims && Object.keys(params).length === 0;
}

export function openedWith(view: View, request: Request): View {
  const camera = request.dims === view.dims ? view.camera : null;
  return { ...view, method: request.method, dims: request.dims, request, camera };
}
