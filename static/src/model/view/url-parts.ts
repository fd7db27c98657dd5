/** Writes parts of a view as text for the page's address, and reads them as far as possible. */
import type { CameraState } from "../camera/camera";
import type { RampChoice, Swatches } from "../color/color-style";
import { AUTOMATIC_RAMP, RAMP_KINDS, RAMP_TRANSFORMS } from "../color/ramp";
import type { ColumnRef } from "../data/dataset";
import { encoded } from "../text/well-formed";
import type { ColumnFilter } from "./filter";
import type { IsolationStep } from "./isolation";
import { rowsToText, textToRows } from "./row-text";

/** `encodeURIComponent` always escapes a plus, so these cannot be the name of a category. */
const OTHER = "+other";
const MISSING = "+missing";

export function columnToText({ index, name }: ColumnRef): string {
  return `${index}.${name}`;
}

export function textToColumn(text: string): ColumnRef {
  const match = /^(\d+)\.(.*)$/s.exec(text);
  return { index: Number(match?.[1] ?? 0), name: match?.[2] ?? text };
}

/** "2.confidence:0.2~0.6" or "0.label:=3,7". */
export function filterToText(filter: ColumnFilter): string {
  const column = encoded(columnToText(filter.column));
  const missing = filter.missing ? [MISSING] : [];
  if (filter.kind === "range") {
    const range = filter.range ? [filter.range.join("~")] : [];
    return `${column}:${[...range, ...missing].join(",")}`;
  }
  const other = filter.other ? [OTHER] : [];
  const names = filter.names.map(encoded);
  return `${column}:=${[...names, ...other, ...missing].join(",")}`;
}

export function textToFilter(text: string): ColumnFilter | null {
  const match = /^([^:]*):(=?)(.*)$/s.exec(text);
  const name = decoded(match?.[1] ?? "");
  if (!match || name === null) return null;
  const column = textToColumn(name);
  const parts = (match[3] ?? "").split(",");
  const missing = parts.includes(MISSING);
  if (match[2] === "=") {
    const other = parts.includes(OTHER);
    const names = parts.filter((part) => !part.startsWith("+")).map(decoded);
    // One part that is empty: either nothing, or the category whose name is empty.
    const kept = names.filter((each) => each !== null);
    return { kind: "values", column, names: kept, other, missing };
  }
  const [low, high] = (parts[0] ?? "").split("~").map(Number);
  const isRange =
    low !== undefined && high !== undefined && low <= high && parts[0]?.includes("~") === true;
  if (!isRange && !missing) return null;
  return { kind: "range", column, range: isRange ? [low, high] : null, missing };
}

/** "isolate:0-17,20;hide:5" */
export function isolationToText(steps: readonly IsolationStep[]): string {
  return steps.map(({ kind, rows }) => `${kind}:${rowsToText(rows)}`).join(";");
}

export function textToIsolation(text: string): readonly IsolationStep[] {
  return text.split(";").flatMap((step): IsolationStep[] => {
    const [kind, rows] = step.split(":");
    if ((kind !== "isolate" && kind !== "hide") || !rows) return [];
    return [{ kind, rows: textToRows(rows) }];
  });
}

/** One text for each color: "label:7:ff0000". */
export function swatchesToTexts(swatches: Readonly<Record<string, Swatches>>): readonly string[] {
  return Object.entries(swatches).flatMap(([column, colors]) =>
    Object.entries(colors).map(
      ([key, color]) => `${encoded(column)}:${encoded(key)}:${color.replace("#", "")}`,
    ),
  );
}

export function textsToSwatches(texts: readonly string[]): Record<string, Swatches> {
  const found: Record<string, Record<string, string>> = {};
  for (const text of texts) {
    const match = /^([^:]*):([^:]*):([0-9a-f]{6})$/i.exec(text);
    const column = decoded(match?.[1] ?? "");
    const key = decoded(match?.[2] ?? "");
    if (!match || column === null || key === null) continue;
    found[column] = { ...found[column], [key]: `#${match[3]}` };
  }
  return found;
}

/** "log,diverging"; with ends of its own "log,auto,2.5,80,price". */
export function rampToText({ transform, kind, range }: RampChoice): string {
  const ends = range ? `,${range.low},${range.high},${encoded(range.column)}` : "";
  return `${transform},${kind}${ends}`;
}

export function textToRamp(text: string): RampChoice {
  const [transform, kind, low = "", high = "", name = ""] = text.split(",");
  const column = decoded(name);
  const range = { column: column ?? "", low: Number(low), high: Number(high) };
  const hasRange = low !== "" && column !== null && range.low < range.high;
  return {
    transform:
      RAMP_TRANSFORMS.find(({ value }) => value === transform)?.value ?? AUTOMATIC_RAMP.transform,
    kind: RAMP_KINDS.find(({ value }) => value === kind)?.value ?? AUTOMATIC_RAMP.kind,
    ...(hasRange && { range }),
  };
}

/** "0,1,2": components count from zero. */
export function componentsToText(components: readonly number[]): string {
  return components.join(",");
}

/** null where there are not two of them. */
export function textToComponents(text: string): readonly number[] | null {
  const pieces = text.split(",").filter((each) => each !== "");
  const found = pieces.map(Number).filter((each) => Number.isInteger(each) && each >= 0);
  return found.length >= 2 ? found : null;
}

export function cameraToText(camera: CameraState): string {
  const numbers = [...camera.target, ...camera.rotation, camera.zoom];
  return `${camera.mode},${numbers.map((each) => Number(each.toPrecision(4))).join(",")}`;
}

export function textToCamera(text: string): CameraState | null {
  const [mode, ...rest] = text.split(",");
  const [x, y, z, qx, qy, qz, qw, zoom] = rest.map(Number);
  if (mode !== "2d" && mode !== "3d") return null;
  if (x === undefined || y === undefined || z === undefined || zoom === undefined) return null;
  if (qx === undefined || qy === undefined || qz === undefined || qw === undefined) return null;
  if (!rest.every((each) => Number.isFinite(Number(each))) || zoom <= 0) return null;
  const length = Math.hypot(qx, qy, qz, qw);
  if (length < 0.5) return null;
  // Four digits are exact enough for the eye, but not for a unit quaternion.
  const rotation = [qx / length, qy / length, qz / length, qw / length] as const;
  return { mode, target: [x, y, z], rotation, zoom };
}

/** null where a percent sign begins no escape. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
