/** Bytes in words, as the server writes them. */
import { counted } from "./format";

/** "0 bytes", "1.5 kB", "24.0 GB". */
export function byteSize(value: number): string {
  if (value < 1000) return counted(value, "byte");
  let size = value / 1000;
  for (const unit of ["kB", "MB", "GB"]) {
    if (size < 999.95) return `${size.toFixed(1)} ${unit}`; // which would be written as 1000.0
    size /= 1000;
  }
  return `${size.toFixed(1)} TB`;
}
