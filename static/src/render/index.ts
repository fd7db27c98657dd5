/** Entry point of the renderer: creates a cloud. scene/types.ts describes what it takes and gives. */
import { Surface } from "./loop/surface";
import { createNullCloud } from "./null-cloud";
import type { Cloud, CloudEvents } from "./scene/types";
import { createWebGLCloud, type WebGLCloudOptions } from "./webgl-cloud";

export { createFramePace } from "./loop/frame-pace";

export function createCloud(
  host: HTMLElement,
  events: CloudEvents,
  options: WebGLCloudOptions,
): Cloud {
  let cloud: ReturnType<typeof createWebGLCloud> | null = null;
  const surface = new Surface(host, options.label ?? "Point cloud", () => cloud?.resized());
  const gl = surface.canvas.getContext("webgl2", {
    // The background is opaque, and dots, lines and labels have soft edges of their own.
    alpha: false,
    antialias: false,
    depth: true,
    powerPreference: "high-performance",
  });
  const paper = surface.overlay.getContext("2d");
  try {
    if (gl === null || paper === null) throw new Error("The browser has no WebGL2.");
    cloud = createWebGLCloud(surface, gl, paper, events, options);
    return cloud;
  } catch (error) {
    // Without a plot the tables and the search still work, so the page must go on.
    console.error("projector: the point cloud cannot be drawn.", error);
    surface.dispose();
    // Later, because the caller has not yet received what this event is about.
    queueMicrotask(() => events.onStatus("unavailable"));
    return createNullCloud();
  }
}
