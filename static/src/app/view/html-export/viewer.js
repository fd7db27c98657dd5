// The viewer in an exported page: draws the points, moves the camera, shows labels. Nothing else is
// in that page, so it is plain JavaScript and knows nothing of the application.
const data = JSON.parse(document.getElementById("data").textContent);
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const positions = new Float32Array(bytesOf(data.positions).buffer);
const colors = bytesOf(data.colors);
const n = colors.length / 4;
const isDeep = data.dims === 3;

const canvas = document.getElementById("plot");
const card = document.getElementById("card");
const gl = canvas.getContext("webgl2", { alpha: false });
const view = { x: 0, y: 0, zoom: 1, yaw: 0.5, pitch: 0.3 };

function shader(type, source) {
  const made = gl.createShader(type);
  gl.shaderSource(made, source);
  gl.compileShader(made);
  return made;
}

const program = gl.createProgram();
gl.attachShader(
  program,
  shader(
    gl.VERTEX_SHADER,
    `#version 300 es
    layout(location = 0) in vec3 a_position;
    layout(location = 1) in vec4 a_color;
    uniform mat3 u_turn;
    uniform vec2 u_scale;
    uniform vec2 u_shift;
    uniform float u_size;
    out vec4 v_color;
    void main() {
      vec3 p = u_turn * a_position;
      gl_Position = vec4(p.xy * u_scale + u_shift, -p.z * 0.5, 1.0);
      gl_PointSize = u_size;
      v_color = a_color;
    }`,
  ),
);
gl.attachShader(
  program,
  shader(
    gl.FRAGMENT_SHADER,
    `#version 300 es
    precision highp float;
    in vec4 v_color;
    out vec4 o_color;
    void main() {
      float r = length(gl_PointCoord - 0.5);
      if (r > 0.5) discard;
      o_color = vec4(v_color.rgb, v_color.a * smoothstep(0.5, 0.42, r));
    }`,
  ),
);
gl.linkProgram(program);
gl.useProgram(program);
const uniform = (name) => gl.getUniformLocation(program, name);

for (const [location, array, size, type] of [
  [0, positions, data.dims, gl.FLOAT],
  [1, colors, 4, gl.UNSIGNED_BYTE],
]) {
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, array, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(location);
  gl.vertexAttribPointer(location, size, type, type === gl.UNSIGNED_BYTE, 0, 0);
}
gl.enable(gl.BLEND);
gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
gl.depthFunc(gl.LEQUAL);
if (isDeep) gl.enable(gl.DEPTH_TEST);

function turn() {
  if (!isDeep) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const [cy, sy, cp, sp] = [
    Math.cos(view.yaw),
    Math.sin(view.yaw),
    Math.cos(view.pitch),
    Math.sin(view.pitch),
  ];
  return [cy, sp * sy, -cp * sy, 0, cp, sp, sy, -sp * cy, cp * cy];
}

function scale() {
  const { clientWidth: width, clientHeight: height } = canvas;
  const side = Math.min(width, height);
  return [(0.94 * view.zoom * side) / width, (0.94 * view.zoom * side) / height];
}

let isRequested = false;
function draw() {
  isRequested = false;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  gl.viewport(0, 0, canvas.width, canvas.height);
  gl.clearColor(...data.background, 1);
  gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  gl.uniformMatrix3fv(uniform("u_turn"), false, turn());
  gl.uniform2fv(uniform("u_scale"), scale());
  gl.uniform2f(uniform("u_shift"), view.x, view.y);
  gl.uniform1f(uniform("u_size"), Math.max(1.5, data.size * view.zoom ** 0.5) * ratio);
  gl.drawArrays(gl.POINTS, 0, n);
}
function requestDraw() {
  if (!isRequested) requestAnimationFrame(draw);
  isRequested = true;
}

function nearest(x, y) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const m = turn();
  const [sx, sy] = scale();
  let best = 12 ** 2;
  let found = -1;
  let front = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    const at = i * data.dims;
    const [a, b, c] = [positions[at], positions[at + 1], isDeep ? positions[at + 2] : 0];
    const px = ((m[0] * a + m[3] * b + m[6] * c) * sx + view.x + 1) * 0.5 * width;
    const py = (1 - (m[1] * a + m[4] * b + m[7] * c) * sy - view.y) * 0.5 * height;
    const distance = (px - x) ** 2 + (py - y) ** 2;
    const depth = -(m[2] * a + m[5] * b + m[8] * c);
    if (distance < best - 9 || (distance < best + 9 && distance < 144 && depth < front)) {
      best = Math.min(best, distance);
      front = depth;
      found = i;
    }
  }
  return found;
}

let drag = null;
canvas.addEventListener("pointerdown", (event) => {
  drag = { x: event.clientX, y: event.clientY };
  canvas.setPointerCapture(event.pointerId);
  card.hidden = true;
});
canvas.addEventListener("pointerup", () => {
  drag = null;
});
canvas.addEventListener("pointermove", (event) => {
  if (drag) {
    const dx = event.clientX - drag.x;
    const dy = event.clientY - drag.y;
    drag = { x: event.clientX, y: event.clientY };
    if (isDeep && !event.shiftKey) {
      const half = Math.min(canvas.clientWidth, canvas.clientHeight) / 2;
      view.yaw += dx / half;
      view.pitch = Math.min(1.57, Math.max(-1.57, view.pitch + dy / half));
    } else {
      view.x += (2 * dx) / canvas.clientWidth;
      view.y -= (2 * dy) / canvas.clientHeight;
    }
    requestDraw();
    return;
  }
  const index = nearest(event.offsetX, event.offsetY);
  card.hidden = index < 0;
  canvas.style.cursor = index < 0 ? "grab" : "pointer";
  if (index < 0) return;
  card.textContent = data.labels[index] || `#${data.rows[index]}`;
  card.style.left = `${Math.min(event.clientX + 14, innerWidth - card.offsetWidth - 8)}px`;
  card.style.top = `${Math.min(event.clientY + 14, innerHeight - card.offsetHeight - 8)}px`;
});
canvas.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    const factor = Math.exp(-event.deltaY * (event.deltaMode ? 0.03 : 0.0018));
    const zoom = Math.min(500, Math.max(0.2, view.zoom * factor));
    const x = (2 * event.offsetX) / canvas.clientWidth - 1;
    const y = 1 - (2 * event.offsetY) / canvas.clientHeight;
    const ratio = zoom / view.zoom;
    Object.assign(view, { zoom, x: x + (view.x - x) * ratio, y: y + (view.y - y) * ratio });
    requestDraw();
  },
  { passive: false },
);
canvas.addEventListener("dblclick", () => {
  Object.assign(view, { x: 0, y: 0, zoom: 1 });
  requestDraw();
});
addEventListener("resize", requestDraw);
requestDraw();

// Search and filter: what does not match is context, faint and grey.
const field = (id) => document.getElementById(id);
const columnCodes = data.columns.map(({ codes }) => bytesOf(codes));
const colorBuffer = gl.createBuffer();
for (const [at, { name }] of data.columns.entries()) {
  field("column").append(new Option(name, String(at)));
}
field("column").hidden = data.columns.length === 0;
const folded = data.labels.map((label) => label.toLowerCase());

function applyFilter() {
  const text = field("search").value.trim().toLowerCase();
  const column = field("column").value;
  const value = Number(field("value").value);
  const shown = colors.slice();
  let matches = 0;
  for (let i = 0; i < n; i++) {
    const isFound = text === "" || folded[i].includes(text);
    const isKept = column === "" || columnCodes[Number(column)][i] === value;
    if (isFound && isKept) matches += 1;
    else shown.set([136, 136, 136, 36], i * 4);
  }
  field("found").textContent = text === "" && column === "" ? "" : `${matches} of ${n}`;
  gl.bindBuffer(gl.ARRAY_BUFFER, colorBuffer);
  gl.bufferData(gl.ARRAY_BUFFER, shown, gl.STATIC_DRAW);
  gl.vertexAttribPointer(1, 4, gl.UNSIGNED_BYTE, true, 0, 0);
  requestDraw();
}

field("find").addEventListener("submit", (event) => event.preventDefault());
field("search").addEventListener("input", applyFilter);
field("value").addEventListener("change", applyFilter);
field("column").addEventListener("change", () => {
  const chosen = data.columns[Number(field("column").value)];
  const isChosen = field("column").value !== "";
  field("value").hidden = !isChosen;
  field("value").replaceChildren(
    ...(isChosen ? chosen.names : []).map((name, at) => new Option(name || "(empty)", String(at))),
  );
  applyFilter();
});
