#version 300 es
precision highp float;
precision highp int;

// What every program that draws points has in common: which buffer holds what, where a point
// is now, whether it is drawn and how large it is. Goes before each vertex shader.

layout(location = 0) in vec3 a_from;
layout(location = 1) in vec3 a_to;
layout(location = 2) in uint a_code;
layout(location = 3) in uint a_flags;
// A third is the standard size; 1 is the standard opacity (render/scene/weights.ts).
layout(location = 4) in float a_size;
layout(location = 5) in float a_opacity;

uniform mat4 u_matrix;
// Center and scale that bring each buffer into the unit ball.
uniform vec4 u_fromFit;
uniform vec4 u_toFit;
uniform float u_progress;
uniform int u_layer;
// Pixels at the eye's distance from the target; x: size, y: most.
uniform vec2 u_size;
// Distance at which sizes hold; 0 in parallel projection.
uniform float u_eyeDistance;
// x: nearest depth, y: 1 / range, z: strength; w: how far unselected points step back.
uniform vec4 u_fog;

const uint HIDDEN = 1u;
const uint GHOST = 2u;
const uint SELECTED = 4u;
const uint NEIGHBOR = 8u;
const uint BELOW = 16u;
const uint HOLLOW = 32u;

const int LAYER_GHOST = 0;
const int LAYER_PLAIN = 1;
const int LAYER_EMPHASIZED = 2;
// Everything but ghosts: what a density counts.
const int LAYER_COUNTED = 3;
// The plain points in two parts: without a color of their own, and with one.
const int LAYER_BELOW = 4;
const int LAYER_ABOVE = 5;

bool isPlainLayer() {
  return u_layer == LAYER_PLAIN || u_layer == LAYER_BELOW || u_layer == LAYER_ABOVE;
}

// NaN fails the comparison, so such a point is not drawn.
bool isDrawable(vec3 p) {
  return all(lessThanEqual(abs(p), vec3(1e37)));
}

bool isInLayer() {
  if ((a_flags & HIDDEN) != 0u) return false;
  if (u_layer == LAYER_COUNTED) return (a_flags & GHOST) == 0u;
  if ((a_flags & (SELECTED | NEIGHBOR)) != 0u) return u_layer == LAYER_EMPHASIZED;
  if ((a_flags & GHOST) != 0u) return u_layer == LAYER_GHOST;
  return u_layer == LAYER_PLAIN || u_layer == ((a_flags & BELOW) != 0u ? LAYER_BELOW : LAYER_ABOVE);
}

// Clip coordinates; outside of everything where the point is not to be drawn.
vec4 placePoint() {
  if (!isInLayer() || !isDrawable(a_to)) return vec4(0.0, 0.0, 2.0, 1.0);
  vec3 position = (a_to - u_toFit.xyz) * u_toFit.w;
  if (u_progress < 1.0 && isDrawable(a_from)) {
    position = mix((a_from - u_fromFit.xyz) * u_fromFit.w, position, u_progress);
  }
  return u_matrix * vec4(position, 1.0);
}

float pixelSize(vec4 clip) {
  float size = u_eyeDistance > 0.0 ? u_size.x * u_eyeDistance / max(clip.w, 1e-4) : u_size.x;
  return min(size * a_size * 3.0, u_size.y);
}

// Slow at first: what is in front keeps its color, or colors could not be compared.
float fogAt(vec4 clip) {
  float depth = clamp((clip.w - u_fog.x) * u_fog.y, 0.0, 1.0);
  return depth * sqrt(depth) * u_fog.z;
}
