#version 300 es
precision highp float;
precision highp sampler2D;

uniform sampler2D u_cells;
// x: pixels across a cell, y: cells beyond the edge of the viewport.
uniform vec2 u_grid;
// The value of a single point.
uniform float u_single;
// Opacity from an empty place to the densest.
uniform float u_tone[33];
// x: where a deeper color begins, y: how much lighter, or darker, it becomes.
uniform vec2 u_deep;
// w: how far everything steps back behind a selection.
uniform vec4 u_background;

flat in float v_most;

out vec4 o_color;

vec4 amountAt(vec2 at) {
  // Cells of one pixel are read at their center, and around an empty one there is next to nothing.
  vec4 nearest = texelFetch(u_cells, ivec2(at + 0.5), 0);
  if (u_grid.x < 1.5 || nearest.a <= 0.0) return nearest;
  vec2 low = floor(at);
  vec2 part = at - low;
  ivec2 cell = ivec2(low);
  return mix(
    mix(texelFetch(u_cells, cell, 0), texelFetch(u_cells, cell + ivec2(1, 0), 0), part.x),
    mix(texelFetch(u_cells, cell + ivec2(0, 1), 0), texelFetch(u_cells, cell + ivec2(1), 0), part.x),
    part.y
  );
}

void main() {
  vec4 amount = amountAt(gl_FragCoord.xy / u_grid.x + u_grid.y - 0.5);
  if (amount.a <= 0.0) discard;
  float share = log(1.0 + amount.a / u_single) / v_most;
  float step = clamp(share, 0.0, 1.0) * 32.0;
  int low = min(int(step), 31);
  float opacity = mix(u_tone[low], u_tone[low + 1], step - float(low));
  vec3 color = pow(clamp(amount.rgb / amount.a, 0.0, 1.0), vec3(1.0 / 2.2));
  // Away from the background: darker on white paper, lighter on black.
  float depth = clamp((share - u_deep.x) / (1.0 - u_deep.x), 0.0, 1.0);
  color = u_deep.y > 0.0 ? mix(color, vec3(1.0), depth * u_deep.y) : color * (1.0 + depth * u_deep.y);
  color = mix(color, u_background.rgb, u_background.w);
  o_color = vec4(color * opacity, opacity);
}
