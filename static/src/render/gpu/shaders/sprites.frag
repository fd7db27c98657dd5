#version 300 es
precision highp float;

uniform sampler2D u_image;
uniform vec3 u_background;
uniform vec3 u_ring;
uniform vec2 u_style;
uniform vec2 u_tile;
// A tile's width and height over the longer of the two.
uniform vec2 u_aspect;
// Half a texel in units of a tile: sampling never reaches the neighboring tile.
uniform vec2 u_halfTexel;

flat in vec4 v_color;
flat in vec4 v_shape;
flat in vec2 v_origin;

out vec4 o_color;

vec4 sampleTile(vec2 at) {
  return textureLod(u_image, (v_origin + clamp(at, u_halfTexel, 1.0 - u_halfTexel)) * u_tile, 0.0);
}

void main() {
  float side = v_shape.x;
  bool isDot = v_shape.z < 0.5;
  vec2 outer = 0.5 * side * (isDot ? vec2(1.0) : u_aspect);
  vec2 at = (gl_PointCoord - 0.5) * side;
  // Distance to the edge of a rectangle with slightly round corners, positive inside.
  float corner = isDot ? 0.5 * side : min(0.12 * side, 3.0 * u_style.y);
  vec2 beyond = abs(at) - outer + corner;
  float inside = corner - length(max(beyond, 0.0)) - min(max(beyond.x, beyond.y), 0.0);
  float cover = clamp(inside + 0.5, 0.0, 1.0);
  if (cover < 0.02) discard;

  float hollow = step(1.5, v_shape.w);
  float ring = (v_shape.w - 2.0 * hollow) * min(2.0 * u_style.y, 0.2 * side);
  float border = ring + clamp(0.08 * side, 1.0, 2.5 * u_style.y);
  vec2 inner = max(outer - border, vec2(0.5));
  vec2 tile = at / (2.0 * inner) + 0.5;
  // Four samples stand for the area of a pixel when a tile is drawn smaller than it is.
  vec2 quarter = 0.25 / (2.0 * inner);
  vec4 image = 0.25 * (sampleTile(tile + quarter) + sampleTile(tile - quarter)
    + sampleTile(tile + vec2(quarter.x, -quarter.y)) + sampleTile(tile + vec2(-quarter.x, quarter.y)));

  // Of a hollow point the frame is as strong as ever.
  image *= 1.0 - 0.7 * hollow;
  float inBorder = isDot ? 1.0 : 1.0 - clamp(inside - border + 0.5, 0.0, 1.0);
  vec4 color = mix(image, vec4(v_color.rgb, 1.0), inBorder);
  color = mix(color, vec4(u_ring, 1.0), ring > 0.0 ? 1.0 - clamp(inside - ring + 0.5, 0.0, 1.0) : 0.0);
  color.rgb = mix(color.rgb, u_background * color.a, v_shape.y);
  color *= cover * v_color.a;
  if (color.a < 0.02) discard;
  o_color = color;
}
