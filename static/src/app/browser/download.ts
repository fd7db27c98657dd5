/** Downloads a file that the page has made. */

export function saveFile(parts: BlobPart[] | Blob, name: string, type = "text/plain"): void {
  const blob = parts instanceof Blob ? parts : new Blob(parts, { type: `${type};charset=utf-8` });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has taken hold of it by the next turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
