/** The camera as a value: what a bookmark keeps and what the renderer looks through. */

export type Vec3 = readonly [number, number, number];

/** Unit quaternion (x, y, z, w); the identity looks down the negative z axis with y up. */
export type Quaternion = readonly [number, number, number, number];

/**
 * Positions are fitted into a ball of radius 1 around the origin before the camera sees them,
 * so one camera serves every projection.
 */
export interface CameraState {
  /** "2d" is orthographic and only pans and zooms; "3d" is a perspective orbit. */
  readonly mode: "2d" | "3d";
  /** Point in fitted space that stands in the middle of the screen. */
  readonly target: Vec3;
  /** Rotation of the world; always the identity in 2D. */
  readonly rotation: Quaternion;
  /** 1 shows the whole fitted ball; 2 twice as near. */
  readonly zoom: number;
}

export const HOME_2D: CameraState = {
  mode: "2d",
  target: [0, 0, 0],
  rotation: [0, 0, 0, 1],
  zoom: 1,
};

/** A little from above and from the side, so that depth is seen at once. */
export const HOME_3D: CameraState = {
  mode: "3d",
  target: [0, 0, 0],
  rotation: [0.1794, 0.2725, 0.0522, 0.9438],
  zoom: 1,
};
