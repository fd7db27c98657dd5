/** The renderer's one door. See types.ts for what it takes and gives. */

import { Surface } from "./loop/surface";
import { createInertCloud } from "./null-cloud";
import type { CreateCloud } from "./scene/types";
import { createWebGLCloud } from "./webgl-cloud";

export const createCloud: CreateCloud = (host, events, options) => {
  let cloud: ReturnType<typeof createWebGLCloud> | null = null;
  const surface = new Surface(host, () => cloud?.resized());
  const gl = surface.canvas.getContext("webgl2", {
    // The background is opaque, and dots, lines and labels have soft edges of their own.
    alpha: false,
    antialias: false,
    depth: true,
    powerPreference: "high-performance",
  });
  const paper = surface.overlay.getContext("2d");
  try {
    if (gl === null || paper === null) throw new Error("This browser has no WebGL2");
    cloud = createWebGLCloud(surface, gl, paper, events, options);
    return cloud;
  } catch (error) {
    // Without a picture the tables and the search still work, so the page must go on.
    console.error("projector: no point cloud.", error);
    surface.dispose();
    // Later, because the caller has not yet received what this event is about.
    queueMicrotask(() => events.onStatus("unavailable"));
    return createInertCloud();
  }
};
