flat out uint v_id;
flat out float v_side;

void main() {
  vec4 clip = placePoint();
  // 0 means that there is no point.
  v_id = uint(gl_VertexID) + 1u;
  v_side = pixelSize(clip);
  gl_Position = clip;
  gl_PointSize = v_side;
}
