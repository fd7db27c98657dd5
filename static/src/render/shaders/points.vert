uniform sampler2D u_palette;
uniform float u_opacity;
uniform vec4 u_ghost;
uniform vec3 u_background;
uniform vec3 u_ring;
// x: how much of a ring emphasized points wear; y: device pixels per CSS pixel.
uniform vec2 u_style;
// x: nearest depth, y: 1 / range, z: strength; w: how far unselected points step back.
uniform vec4 u_fog;

flat out vec4 v_color;
// Radii in pixels from the middle: fill, inner edge of the ring, outer edge; w: side of the square.
flat out vec4 v_shape;
flat out vec4 v_ring;

void main() {
  vec4 clip = placePoint();
  float size = pixelSize(clip);
  float pixel = u_style.y;
  float fog = clamp((clip.w - u_fog.x) * u_fog.y, 0.0, 1.0) * u_fog.z;
  vec3 color = texelFetch(u_palette, ivec2(a_code & 255u, a_code >> 8), 0).rgb;
  float opacity = u_opacity;
  float gap = 0.0;
  float ring = 0.0;
  v_ring = vec4(u_ring, 1.0);
  if (u_layer == LAYER_GHOST) {
    size = max(size * 0.62, pixel);
    color = u_ghost.rgb;
    opacity = u_ghost.a * 0.6;
  } else if (u_layer == LAYER_PLAIN) {
    color = mix(color, u_background, u_fog.w);
  } else {
    opacity = 1.0;
    fog *= 0.45;
    if ((a_flags & SELECTED) != 0u) {
      size = max(size * 1.2, 3.5 * pixel * u_style.x);
      gap = 1.1 * pixel * u_style.x;
      ring = mix(0.8, 1.6, u_style.x) * pixel;
    } else {
      size *= 1.1;
      ring = pixel * u_style.x;
      v_ring.a = 0.7;
    }
  }
  // Thinner than a pixel there is no thinner: fainter instead.
  float faint = min(size / pixel, 1.0);
  size = max(size, pixel);
  float fill = size * 0.5;
  v_color = vec4(mix(color, u_background, fog), opacity * faint * faint);
  v_ring.rgb = mix(v_ring.rgb, u_background, fog);
  v_shape = vec4(fill, fill + gap, fill + gap + ring, 0.0);
  // One pixel more for the soft edge.
  v_shape.w = 2.0 * v_shape.z + 1.0;
  gl_Position = clip;
  gl_PointSize = v_shape.w;
}
