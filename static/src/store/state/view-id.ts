/** Names of views. */
export type ViewId = string;

/** The view that a page starts with. */
export const FIRST_VIEW: ViewId = "1";
