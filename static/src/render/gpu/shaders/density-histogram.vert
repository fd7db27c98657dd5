#version 300 es
precision highp float;
precision highp sampler2D;

// One vertex reads one cell and is drawn into the bin of its density: quarters of an octave,
// from a sixteenth of one point alone.
const float N_BINS = 128.0;
const float BINS_PER_OCTAVE = 4.0;
const float LOWEST = -4.0;

uniform sampler2D u_cells;
uniform vec2 u_size;
uniform int u_stride;
// The value of a single point.
uniform float u_single;

flat out vec4 v_amount;

void main() {
  ivec2 size = ivec2(u_size);
  int columns = (size.x + u_stride - 1) / u_stride;
  ivec2 at = ivec2(gl_VertexID % columns, gl_VertexID / columns) * u_stride;
  float count = texelFetch(u_cells, at, 0).a / u_single;
  float bin = floor((log2(max(count, 1e-9)) - LOWEST) * BINS_PER_OCTAVE);
  v_amount = vec4(1.0);
  // Empty cells are not counted.
  float x = bin < 0.0 ? 2.0 : (min(bin, N_BINS - 1.0) + 0.5) / N_BINS * 2.0 - 1.0;
  gl_Position = vec4(x, 0.0, 0.0, 1.0);
  gl_PointSize = 1.0;
}
