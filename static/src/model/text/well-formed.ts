/** Texts that a file or an address can hold: half of a surrogate pair is no character. */

const REPLACEMENT = "\ufffd";

export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, REPLACEMENT);
}

/** A part of an address: a browser refuses to encode what is not well-formed. */
export function encoded(text: string): string {
  return encodeURIComponent(wellFormed(text));
}

/** Without the characters that no XML file may have, not even escaped. */
export function xmlText(text: string): string {
  return text.replace(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, REPLACEMENT);
}
