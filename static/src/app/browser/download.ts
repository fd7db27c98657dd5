/** Downloads a file that the page has made. */

/** What the end of a name needs, and any file system takes. */
const MOST_LETTERS = 120;

/**
 * The name of a file, without its end, made of the names of runs and tensors: letters, digits,
 * dots and hyphens, which every system takes, at a length that every system takes.
 */
export function fileStem(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, "_");
  // A dot in front hides a file, and two lead to another folder.
  return plain.slice(0, MOST_LETTERS).replace(/^[.-]+/, "") || "projector";
}

export function saveFile(parts: BlobPart[] | Blob, name: string, type = "text/plain"): void {
  const blob = parts instanceof Blob ? parts : new Blob(parts, { type: `${type};charset=utf-8` });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has taken hold of it by the next turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
