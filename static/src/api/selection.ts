/** Requests for the shared selection: a header, then rows or one bit a point (docs/wire.md). */
import type {
  PlacedSelection,
  SelectionAuthor,
  SelectionNews,
  SharedSelection,
} from "../model/view/shared-selection";
import { ApiError } from "./errors";
import { getBytes, readJson, send } from "./requests";
import type { Transport } from "./transport";

const HEADER = 24;
const ROWS = 1;
const BITS = 2;
const AUTHORS: readonly SelectionAuthor[] = ["none", "page", "python"];

/** The selection on the server now; `refused` says why it is not the one that was sent. */
export interface SelectionAnswer extends SelectionNews {
  readonly refused: string | null;
}

export type SelectionApi = ReturnType<typeof selectionApi>;

export function selectionApi(transport: Transport) {
  const path = ["selection"];
  return {
    async get(signal?: AbortSignal): Promise<SharedSelection> {
      return readSelection(await getBytes(transport, path, { signal }));
    },

    async put(selection: PlacedSelection): Promise<SelectionAnswer> {
      const headers = { "Content-Type": "application/octet-stream" };
      const body = writeSelection(selection);
      return readJson(await send(transport, { method: "PUT", path, headers, body }), path);
    },
  };
}

export function writeSelection({ dataset, nPoints, rows }: PlacedSelection): ArrayBuffer {
  const nBytes = Math.ceil(nPoints / 8);
  const isShort = rows.length * 4 <= nBytes;
  const body = new ArrayBuffer(HEADER + (isShort ? rows.length * 4 : nBytes));
  const header = new DataView(body);
  header.setUint32(4, nPoints, true);
  header.setUint32(8, rows.length, true);
  header.setUint8(12, isShort ? ROWS : BITS);
  header.setUint8(13, AUTHORS.indexOf("page"));
  for (let at = 0; at < 8; at++) {
    header.setUint8(16 + at, Number.parseInt(dataset.slice(2 * at, 2 * at + 2), 16));
  }
  if (isShort) {
    new Uint32Array(body, HEADER).set(rows);
  } else {
    const bits = new Uint8Array(body, HEADER);
    for (const row of rows) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return body;
}

export function readSelection(body: ArrayBuffer): SharedSelection {
  if (body.byteLength < HEADER) throw malformed(body);
  const header = new DataView(body);
  const nPoints = header.getUint32(4, true);
  const nRows = header.getUint32(8, true);
  const isShort = header.getUint8(12) === ROWS;
  if (body.byteLength !== HEADER + (isShort ? nRows * 4 : Math.ceil(nPoints / 8))) {
    throw malformed(body);
  }
  const parts = Array.from(new Uint8Array(body, 16, 8), (each) =>
    each.toString(16).padStart(2, "0"),
  );
  return {
    number: header.getUint32(0, true),
    author: AUTHORS[header.getUint8(13)] ?? "none",
    dataset: parts.join(""),
    nPoints,
    rows: isShort ? new Uint32Array(body, HEADER) : rowsOfBits(new Uint8Array(body, HEADER), nRows),
  };
}

function rowsOfBits(bits: Uint8Array, nRows: number): Uint32Array {
  const rows = new Uint32Array(nRows);
  let n = 0;
  bits.forEach((byte, at) => {
    for (let bit = 0; byte >> bit > 0; bit++) if ((byte >> bit) & 1) rows[n++] = at * 8 + bit;
  });
  return rows;
}

function malformed({ byteLength }: ArrayBuffer): ApiError {
  return new ApiError(
    "malformed",
    `The server sent ${byteLength} bytes that are not a valid selection.`,
  );
}
