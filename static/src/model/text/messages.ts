/** Messages that several modules compare. */

/** Of a request without an answer; the page removes it once the server is reached again. */
export const UNREACHABLE = "The server cannot be reached.";
