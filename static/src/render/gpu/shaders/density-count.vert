uniform sampler2D u_palette;
// How many points each drawn one stands for.
uniform float u_weight;

flat out vec4 v_amount;

void main() {
  vec4 clip = placePoint();
  vec3 color = texelFetch(u_palette, ivec2(a_code & 255u, a_code >> 8), 0).rgb;
  float weight = u_weight * a_opacity * (1.0 - fogAt(clip));
  // Light adds up; the numbers of a palette do not.
  v_amount = vec4(pow(color, vec3(2.2)) * weight, weight);
  gl_Position = clip;
  gl_PointSize = 1.0;
}
