/** Entry point of the renderer: creates a cloud. scene/types.ts describes what it takes and gives. */
import { Graphics } from "./gpu/graphics";
import { Surface } from "./loop/surface";
import { createNullCloud } from "./null-cloud";
import type { Cloud, CloudEvents } from "./scene/types";
import { createWebGLCloud, type WebGLCloudOptions } from "./webgl-cloud";

export { createFramePace } from "./loop/frame-pace";
export { Graphics };

export function createCloud(
  host: HTMLElement,
  events: CloudEvents,
  options: WebGLCloudOptions,
): Cloud {
  let cloud: ReturnType<typeof createWebGLCloud> | null = null;
  const surface = new Surface(host, options.label ?? "Point cloud", () => cloud?.resized());
  const isOwn = options.graphics === undefined;
  const graphics = isOwn ? Graphics.create() : options.graphics;
  const paper = surface.canvas.getContext("2d");
  try {
    if (!graphics || paper === null) throw new Error("The browser has no WebGL2.");
    const made = createWebGLCloud(surface, graphics, paper, events, options);
    cloud = made;
    if (!isOwn) return made;
    return {
      ...made,
      dispose() {
        made.dispose();
        graphics.dispose();
      },
    };
  } catch (error) {
    // Without a plot the tables and the search still work, so the page must go on.
    console.error("projector: the point cloud cannot be drawn.", error);
    surface.dispose();
    if (isOwn) graphics?.dispose();
    // Later, because the caller has not yet received what this event is about.
    queueMicrotask(() => events.onStatus("unavailable"));
    return createNullCloud();
  }
}
