/** Sentences that more than one room has to know by heart. */

/** Of a request without an answer. The page takes it back once the server is there again. */
export const UNREACHABLE = "The server can not be reached.";
