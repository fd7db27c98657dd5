/** Parameters that are updated while their method runs. */
import { currentValue, type Method, type Params } from "./method";

export function isLive({ live }: Method, name: string): boolean {
  return live.includes(name);
}

/**
 * What has to be changed so that a running method does what its form says; null where the form
 * says something that only a new run can do, and empty where it says nothing new.
 */
export function liveChanges(method: Method, running: Params, wanted: Params): Params | null {
  const changed = method.parameters.filter(
    (each) => currentValue(each, running) !== currentValue(each, wanted),
  );
  if (!changed.every(({ name }) => isLive(method, name))) return null;
  return Object.fromEntries(changed.map((each) => [each.name, currentValue(each, wanted)]));
}
