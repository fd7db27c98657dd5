/** Small choices that outlast the page. Storage may be forbidden, as in a private window. */

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`projector.${key}`);
  } catch {
    return null;
  }
}

/** null forgets. */
export function remember(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(`projector.${key}`);
    else localStorage.setItem(`projector.${key}`, text);
  } catch {
    // The choice then lasts as long as the page.
  }
}
