/** What a drag in the plot does. */

export type Tool = "navigate" | "box" | "lasso";

/** Whether a box or a lasso takes all points inside, or only those that nothing hides. */
export type Reach = "through" | "front";
