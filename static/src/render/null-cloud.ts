/** A cloud that draws nothing, for browsers without WebGL2: the rest of the page need not know. */
import { type CameraState, HOME_3D } from "../model/camera/camera";
import type { Cloud } from "./scene/types";

const nothing = () => undefined;

export function createInertCloud(): Cloud {
  let camera: CameraState = HOME_3D;
  return {
    canDrawDensity: false,
    setPositions: nothing,
    setColoring: nothing,
    setFlags: nothing,
    setHover: nothing,
    setSprites: nothing,
    showSprites: nothing,
    setLabels: nothing,
    setEdges: nothing,
    setWeights: nothing,
    projectionChosen: nothing,
    setPointScale: nothing,
    setOpacityScale: nothing,
    setDensity: nothing,
    setTheme: nothing,
    setTool: nothing,
    setReach: nothing,
    setCamera: (next) => {
      camera = next;
    },
    camera: () => camera,
    flyTo: nothing,
    screenPosition: () => null,
    pointsInView: () => null,
    stats: () => ({
      pointsDrawn: 0,
      drawCalls: 0,
      lastFrameMilliseconds: 0,
      frames: 0,
      isWhole: true,
      bytesUploaded: 0,
    }),
    toBlob: () => Promise.reject(new Error("Without WebGL2 there is no picture to save")),
    toSvg: () => "",
    drawNow: nothing,
    dispose: nothing,
  };
}
