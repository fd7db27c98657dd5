// regl-scatterplot as its README says: columns of numbers, colors by one of them.
import createScatterplot from "regl-scatterplot";
import { COLORS, points, reglLook } from "./points.js";

const host = document.getElementById("plot");
const canvas = document.createElement("canvas");
canvas.style.width = "100%";
canvas.style.height = "100%";
host.append(canvas);

const { x, y, group, number } = await points();
const { width, height } = host.getBoundingClientRect();
const ramp = Array.from({ length: 64 }, (_, at) => `#${(at * 4).toString(16).padStart(2, "0")}3080`);
const scatterplot = createScatterplot({ canvas, width, height, ...reglLook(x) });
const peer = { hover: null, nSelected: 0, nDrawn: 0, isReady: false };
scatterplot.subscribe("pointOver", (index) => {
  peer.hover = index;
});
scatterplot.subscribe("pointOut", () => {
  peer.hover = null;
});
scatterplot.subscribe("select", ({ points: selected }) => {
  peer.nSelected = selected.length;
});
scatterplot.subscribe("draw", () => {
  peer.nDrawn += 1;
});
// Between 0 and 1 a number is laid along the colors; whole numbers are classes.
const highest = number.reduce((a, b) => Math.max(a, b), 0);
const shares = number.map((value) => Math.min(0.999, value / highest));
peer.recolor = (kind) => {
  const began = performance.now();
  scatterplot.set(
    kind === "number" ? { colorBy: "valueB", pointColor: ramp } : { colorBy: "valueA", pointColor: COLORS },
  );
  return began;
};
peer.filter = (share) => {
  const kept = [];
  for (let index = 0; index < x.length; index++) if (shares[index] < share) kept.push(index);
  return scatterplot.filter(kept);
};
peer.lasso = (isOn) => scatterplot.set({ mouseMode: isOn ? "lasso" : "panZoom" });
peer.place = (index) => {
  const place = scatterplot.getScreenPosition(index);
  const { left, top } = canvas.getBoundingClientRect();
  return place && { x: left + place[0], y: top + place[1] };
};
window.peer = peer;
await scatterplot.draw({ x, y, valueA: group, valueB: shares });
peer.isReady = true;
