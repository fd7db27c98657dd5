#version 300 es
precision highp float;
precision highp int;

// Half extents of the shape over its side; x < 0: a disk.
uniform vec2 u_halfShape;

flat in uint v_id;
flat in float v_side;

out vec4 o_id;

void main() {
  vec2 at = gl_PointCoord - 0.5;
  bool isInside = u_halfShape.x < 0.0
    ? dot(at, at) <= 0.25 || v_side < 2.0
    : all(lessThanEqual(abs(at), u_halfShape));
  if (!isInside) discard;
  o_id = vec4(v_id & 255u, (v_id >> 8) & 255u, (v_id >> 16) & 255u, v_id >> 24) / 255.0;
}
