#version 300 es
precision highp float;

uniform vec3 u_background;
// y: device pixels per CSS pixel.
uniform vec2 u_style;

flat in vec4 v_color;
flat in vec4 v_shape;
flat in vec4 v_ring;

out vec4 o_color;

void main() {
  float r = length(gl_PointCoord - 0.5) * v_shape.w;
  float cover = clamp(v_shape.z - r + 0.5, 0.0, 1.0);
  if (cover < 0.02) discard;
  float fill = v_shape.x;
  // A thin edge in the background's color: overlapping points stay separate points.
  float rim = clamp(fill * 0.3, 0.0, 1.1 * u_style.y);
  float isLarge = smoothstep(1.5, 3.0, fill / u_style.y);
  float inRim = smoothstep(fill - rim - 0.5, fill - rim + 0.5, r) * 0.55 * isLarge;
  vec3 color = mix(v_color.rgb, u_background, inRim);
  if (v_shape.z > fill) {
    float inRing = smoothstep(v_shape.y - 0.5, v_shape.y + 0.5, r) * v_ring.a;
    float inGap = smoothstep(fill - 0.5, fill + 0.5, r);
    color = mix(mix(v_color.rgb, u_background, inGap), v_ring.rgb, inRing);
  }
  float alpha = cover * v_color.a;
  o_color = vec4(color * alpha, alpha);
}
