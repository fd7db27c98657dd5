#version 300 es
precision highp float;
precision highp sampler2D;

// As in density-histogram.vert.
const int N_BINS = 128;
const float BINS_PER_OCTAVE = 4.0;
const float LOWEST = -4.0;

// This share of the nonempty places may be denser than the scale: a few spots of
// extreme density must not make all others pale.
const float BEYOND = 0.005;

uniform sampler2D u_histogram;

// log(1 + count) of the densest places.
flat out float v_most;

void main() {
  float total = 0.0;
  for (int bin = 0; bin < N_BINS; bin++) total += texelFetch(u_histogram, ivec2(bin, 0), 0).r;
  float rest = BEYOND * total;
  float most = 1.0;
  for (int bin = N_BINS - 1; bin >= 0; bin--) {
    float here = texelFetch(u_histogram, ivec2(bin, 0), 0).r;
    if (here > rest) {
      most = exp2((float(bin + 1) - rest / here) / BINS_PER_OCTAVE + LOWEST);
      break;
    }
    rest -= here;
  }
  // Points that stand alone are as dense as it gets where nothing is denser.
  v_most = log(1.0 + max(most, 1.0));
  gl_Position = vec4(vec2((gl_VertexID << 1) & 2, gl_VertexID & 2) * 2.0 - 1.0, 0.0, 1.0);
}
