/**
 * Whether the kernel behind a page in a notebook takes requests: "busy" while they wait for a cell,
 * "over" once it has ended. A page with a server of its own has no kernel: it is "free".
 */
export type KernelState = "free" | "busy" | "over";
