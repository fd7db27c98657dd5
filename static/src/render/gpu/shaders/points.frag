#version 300 es
precision highp float;

uniform vec3 u_background;
uniform vec3 u_ring;
// y: device pixels per CSS pixel; z: 1 where depth is written.
uniform vec3 u_style;

flat in vec4 v_color;
flat in vec4 v_shape;
flat in float v_hole;

out vec4 o_color;

void main() {
  float fill = v_shape.x;
  float outer = v_shape.z;
  bool isSmall = fill < 1.8 * u_style.y;
  // A soft edge that writes depth hides what is behind it and shows the background instead. Around a
  // large dot that is a fine outline; a million small ones would turn to dark sand, so they are hard.
  bool isHard = isSmall && u_style.z > 0.0;
  float r = length(gl_PointCoord - 0.5) * (2.0 * outer + (isHard ? 0.0 : 1.0));
  float cover = clamp(outer - r + 0.5, 0.0, 1.0);
  if (isHard) cover = step(0.4, cover);
  if (v_hole > 0.0) cover *= clamp(r - v_hole + 0.5, 0.0, 1.0);
  if (cover < 0.02) discard;
  vec3 color = v_color.rgb;
  if (!isSmall) {
    // A thin edge in the background's color: overlapping points stay separate points.
    float rim = clamp(fill * 0.28, 0.0, u_style.y);
    float strength = 0.45 * smoothstep(1.8, 4.2, fill / u_style.y) * step(outer, fill);
    color = mix(color, u_background, smoothstep(fill - rim - 0.5, fill - rim + 0.5, r) * strength);
  }
  if (outer > fill) {
    float inGap = smoothstep(fill - 0.5, fill + 0.5, r);
    float inRing = smoothstep(v_shape.y - 0.5, v_shape.y + 0.5, r) * v_shape.w;
    color = mix(mix(color, u_background, inGap), u_ring, inRing);
  }
  float alpha = cover * v_color.a;
  o_color = vec4(color * alpha, alpha);
}
