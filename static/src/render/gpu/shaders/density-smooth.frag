#version 300 es
precision highp float;
precision highp sampler2D;

uniform sampler2D u_cells;
uniform vec2 u_size;
uniform vec2 u_step;
// The center of the kernel and one side; the other side is the same.
uniform float u_taps[16];
uniform int u_radius;

out vec4 o_amount;

vec4 amountAt(ivec2 at) {
  // The texture may be larger than what was counted in it.
  bool isInside = all(greaterThanEqual(at, ivec2(0))) && all(lessThan(at, ivec2(u_size)));
  return isInside ? texelFetch(u_cells, at, 0) : vec4(0.0);
}

void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 sum = texelFetch(u_cells, at, 0) * u_taps[0];
  for (int k = 1; k <= u_radius; k++) {
    ivec2 by = ivec2(u_step) * k;
    sum += (amountAt(at + by) + amountAt(at - by)) * u_taps[k];
  }
  o_amount = sum;
}
