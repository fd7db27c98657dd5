// Four instances of regl-scatterplot as its README links them: one renderer draws for all of them,
// and the camera and the hovered point of one are those of all.
import createScatterplot, { createRenderer } from "regl-scatterplot";
import { points, reglLook } from "./points.js";

const host = document.getElementById("plot");
const { x, y, group } = await points();
const renderer = createRenderer();
const peer = { hover: null, nDrawn: 0, isReady: false, memory: () => performance.memory?.usedJSHeapSize ?? 0 };
const all = Array.from({ length: 4 }, () => {
  const canvas = document.createElement("canvas");
  host.append(canvas);
  const { width, height } = canvas.getBoundingClientRect();
  return createScatterplot({ renderer, canvas, width, height, ...reglLook(x) });
});
let isFollowing = false;
const others = (one, change) => {
  if (isFollowing) return;
  isFollowing = true;
  for (const other of all) if (other !== one) change(other);
  isFollowing = false;
};
for (const one of all) {
  one.subscribe("view", ({ view }) => {
    others(one, (other) => other.set({ cameraView: view }, { preventEvent: true }));
  });
  one.subscribe("pointOver", (index) => {
    peer.hover = index;
    others(one, (other) => other.hover(index, { preventEvent: true }));
  });
  one.subscribe("pointOut", () => {
    peer.hover = null;
    others(one, (other) => other.hover(undefined, { preventEvent: true }));
  });
  one.subscribe("draw", () => {
    peer.nDrawn += 1;
  });
}
window.peer = peer;
await Promise.all(all.map((one) => one.draw({ x, y, valueA: group })));
peer.isReady = true;
