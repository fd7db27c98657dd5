/** The browser's storage. It may be forbidden, as in a private window: then nothing is kept. */

/** Other pages of this origin have keys of their own. */
const PREFIX = "projector.";

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** False where it cannot be kept: storage is forbidden or full. */
export function remember(key: string, text: string | null): boolean {
  try {
    if (text === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, text);
    return true;
  } catch {
    return false;
  }
}
