/** The wire's golden files (tests/fixtures/wire), written by the server's tests, read by ours. */
import { readFileSync } from "node:fs";
import wire from "../../../tests/fixtures/wire/wire.json";

/** A golden file's bytes. */
export function golden(name: string): ArrayBuffer {
  const file = new URL(`../../../tests/fixtures/wire/${name}`, import.meta.url);
  // A copy, because what is read may be a view of a larger buffer.
  return new Uint8Array(readFileSync(file)).buffer;
}

/** JSON has no NaN: what stands as null there is NaN here. */
export function flat(rows: readonly (readonly (number | null)[])[]): number[] {
  return rows.flatMap((row) => row.map((each) => each ?? Number.NaN));
}

export { wire };
