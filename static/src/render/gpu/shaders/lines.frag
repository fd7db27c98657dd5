#version 300 es
precision highp float;

uniform vec4 u_color;
uniform float u_width;

in float v_across;
in float v_fog;
in float v_opacity;

out vec4 o_color;

void main() {
  float cover = clamp(u_width * 0.5 + 0.5 - abs(v_across), 0.0, 1.0);
  float alpha = u_color.a * v_opacity * cover * (1.0 - v_fog);
  o_color = vec4(u_color.rgb * alpha, alpha);
}
