// Embedding Atlas' component for points in memory; the page says so where it cannot draw.
import { EmbeddingView } from "embedding-atlas";
import { COLORS, points } from "./points.js";

const peer = { isReady: false, failure: null };
window.peer = peer;
const adapter = await navigator.gpu?.requestAdapter();
if (!adapter) peer.failure = "the browser gives no WebGPU adapter";
else if (!adapter.features.has("shader-f16")) peer.failure = "it needs WebGPU with shader-f16, which this browser has not";
else {
  const host = document.getElementById("plot");
  const { width, height } = host.getBoundingClientRect();
  const { x, y, group } = await points();
  const view = new EmbeddingView(host, {
    data: { x, y, category: group },
    categoryColors: COLORS,
    width,
    height,
    pixelRatio: 1,
    config: { mode: "points", colorScheme: "light", autoLabelEnabled: false },
    viewportState: null,
  });
  peer.recolor = (kind) => {
    const other = kind === "number" ? group.map((each) => 19 - each) : group;
    view.update({ data: { x, y, category: other } });
  };
  peer.isReady = true;
}
