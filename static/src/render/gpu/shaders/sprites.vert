uniform sampler2D u_palette;
uniform vec3 u_background;
uniform vec4 u_ghost;
uniform float u_opacity;
// x: columns, y: number of tiles.
uniform vec2 u_sheet;
// One tile in texture coordinates.
uniform vec2 u_tile;

flat out vec4 v_color;
// x: side of the square in pixels, y: fog, z: 1 if a tile belongs to the point, w: 1 if
// selected, and 2 more if hollow.
flat out vec4 v_shape;
flat out vec2 v_origin;

void main() {
  vec4 clip = placePoint();
  float fog = fogAt(clip);
  float size = pixelSize(clip);
  v_color = vec4(texelFetch(u_palette, ivec2(a_code & 255u, a_code >> 8), 0).rgb, u_opacity);
  v_shape = vec4(0.0, fog, 0.0, 0.0);
  if (isPlainLayer()) v_color.a *= a_opacity;
  if (u_layer == LAYER_GHOST) {
    size *= 0.8;
    v_color = vec4(u_ghost.rgb, u_ghost.a * 0.35);
  } else if (isPlainLayer()) {
    v_shape.y = max(fog, u_fog.w);
  } else {
    size *= 1.15;
    v_color.a = 1.0;
    v_shape.y = fog * 0.45;
    v_shape.w = (a_flags & SELECTED) != 0u ? 1.0 : 0.0;
  }
  if ((a_flags & HOLLOW) != 0u && u_layer != LAYER_GHOST) v_shape.w += 2.0;
  float index = float(gl_VertexID);
  v_shape.z = index < u_sheet.y ? 1.0 : 0.0;
  // A point without an image of its own is a dot among the images.
  if (v_shape.z == 0.0) size *= 0.3;
  v_origin = vec2(float(gl_VertexID % int(u_sheet.x)), float(gl_VertexID / int(u_sheet.x)));
  v_shape.x = size;
  gl_Position = clip;
  gl_PointSize = size;
}
