uniform sampler2D u_palette;
uniform float u_opacity;
uniform vec4 u_ghost;
uniform vec3 u_background;
// x: ring strength of emphasized points (see Appearance); y: device pixels per CSS pixel; z: 1 where depth
// is written.
uniform vec3 u_style;

flat out vec4 v_color;
// Radii in pixels from the middle: fill, inner edge of the ring, outer edge; w: the ring's opacity.
flat out vec4 v_shape;
// Radius in pixels of the hole of a hollow point; 0: it has none.
flat out float v_hole;

void main() {
  vec4 clip = placePoint();
  float size = pixelSize(clip);
  float pixel = u_style.y;
  float fog = fogAt(clip);
  vec3 color = texelFetch(u_palette, ivec2(a_code & 255u, a_code >> 8), 0).rgb;
  float opacity = u_opacity;
  float gap = 0.0;
  float ring = 0.0;
  float ringOpacity = 0.0;
  // Rings that touch would hide the colors: among many thousands there are none.
  float strong = max(u_style.x, 0.0);
  float left = 1.0 + min(u_style.x, 0.0);
  if (u_layer == LAYER_GHOST) {
    size = max(size * 0.62, pixel);
    color = u_ghost.rgb;
    opacity = u_ghost.a;
  } else if (isPlainLayer()) {
    fog = max(fog, u_fog.w);
  } else {
    opacity = 1.0;
    fog *= 0.45;
    if ((a_flags & SELECTED) != 0u) {
      size = max(size * 1.2, 3.5 * pixel * strong);
      gap = 1.1 * pixel * strong;
      ring = mix(0.75, 1.6, strong) * pixel * left;
      ringOpacity = mix(0.65, 1.0, strong) * left;
    } else {
      size *= 1.1;
      ring = pixel * strong;
      ringOpacity = 0.7;
    }
  }
  if (isPlainLayer()) opacity *= a_opacity;
  // A hollow point has to be large enough for its hole.
  bool isHollow = (a_flags & HOLLOW) != 0u && u_layer != LAYER_GHOST;
  if (isHollow) size = max(size, 5.5 * pixel);
  // A line cannot be thinner than a pixel: it is fainter instead.
  float faint = min(size / pixel, 1.0);
  float fill = max(size, pixel) * 0.5;
  float outer = fill + gap + ring;
  v_color = vec4(mix(color, u_background, fog), opacity * faint * faint);
  v_hole = isHollow ? max(fill - max(1.4 * pixel, fill * 0.34), 0.8 * pixel) : 0.0;
  v_shape = vec4(fill, fill + gap, outer, ringOpacity);
  gl_Position = clip;
  // One pixel more for the soft edge, where there is one (see points.frag).
  gl_PointSize = 2.0 * outer + (u_style.z > 0.0 && fill < 1.8 * pixel ? 0.0 : 1.0);
}
