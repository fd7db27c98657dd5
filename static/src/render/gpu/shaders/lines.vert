#version 300 es
precision highp float;

// One instance is one edge: a strip of four corners between two points in fitted space.
layout(location = 0) in vec3 a_startFrom;
layout(location = 1) in vec3 a_startTo;
layout(location = 2) in vec3 a_endFrom;
layout(location = 3) in vec3 a_endTo;
layout(location = 4) in float a_opacity;

uniform mat4 u_matrix;
uniform float u_progress;
// Device pixels.
uniform vec2 u_viewport;
uniform float u_width;
uniform vec3 u_fog;

out float v_across;
out float v_fog;
out float v_opacity;

void main() {
  v_opacity = a_opacity;
  vec4 start = u_matrix * vec4(mix(a_startFrom, a_startTo, u_progress), 1.0);
  vec4 end = u_matrix * vec4(mix(a_endFrom, a_endTo, u_progress), 1.0);
  // An end behind the eye would turn the line around; it is cut at the near plane.
  float startSide = start.z + start.w;
  float endSide = end.z + end.w;
  if (startSide < 0.0 && endSide > 0.0) start = mix(start, end, startSide / (startSide - endSide));
  if (endSide < 0.0 && startSide > 0.0) end = mix(end, start, endSide / (endSide - startSide));

  vec2 along = (end.xy / end.w - start.xy / start.w) * u_viewport;
  float far = length(along);
  vec2 normal = far > 0.0 ? vec2(-along.y, along.x) / far : vec2(0.0);
  float side = (gl_VertexID & 1) == 0 ? -1.0 : 1.0;
  vec4 corner = gl_VertexID < 2 ? start : end;
  // Half the width and one pixel of soft edge.
  v_across = side * (u_width * 0.5 + 1.0);
  v_fog = clamp((corner.w - u_fog.x) * u_fog.y, 0.0, 1.0) * u_fog.z;
  corner.xy += normal * v_across * 2.0 / u_viewport * corner.w;
  gl_Position = corner;
}
