/** A cloud that draws nothing, for browsers without WebGL2: the rest of the page works on. */
import { type CameraState, HOME_3D } from "../model/camera/camera";
import type { Cloud } from "./scene/types";

const doNothing = () => undefined;

export function createNullCloud(): Cloud {
  let camera: CameraState = HOME_3D;
  return {
    canDrawDensity: false,
    setPositions: doNothing,
    setColoring: doNothing,
    setFlags: doNothing,
    setHover: doNothing,
    setSprites: doNothing,
    showSprites: doNothing,
    setLabels: doNothing,
    setEdges: doNothing,
    setPainter: doNothing,
    setWeights: doNothing,
    setOptics: doNothing,
    setPointScale: doNothing,
    setOpacityScale: doNothing,
    setDensity: doNothing,
    setTheme: doNothing,
    setTool: doNothing,
    setReach: doNothing,
    setCamera: (next) => {
      camera = next;
    },
    camera: () => camera,
    flyTo: doNothing,
    screenPosition: () => null,
    pointsInView: () => null,
    standouts: () => new Uint32Array(0),
    shareInView: () => 1,
    stats: () => ({
      pointsDrawn: 0,
      drawCalls: 0,
      lastFrameMilliseconds: 0,
      frames: 0,
      isWhole: true,
      bytesUploaded: 0,
    }),
    toBlob: () =>
      Promise.reject(new Error("The browser has no WebGL2, so there is no image to save.")),
    toSvg: () => Promise.resolve(""),
    drawNow: doNothing,
    dispose: doNothing,
  };
}
