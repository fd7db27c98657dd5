// The viewer in an exported page: draws the points of each view, moves the cameras, shows labels and
// what is selected. Nothing else is in that page, so it is plain JavaScript and knows nothing of the
// application.
const data = JSON.parse(document.getElementById("data").textContent);
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const numbersOf = (text) => new Uint32Array(bytesOf(text).buffer);
const field = (id) => document.getElementById(id);
const card = field("card");

const VERTEX = `#version 300 es
  layout(location = 0) in vec3 a_position;
  layout(location = 1) in vec4 a_color;
  layout(location = 2) in float a_kind;
  uniform mat3 u_turn;
  uniform vec2 u_scale;
  uniform vec2 u_shift;
  uniform float u_size;
  out vec4 v_color;
  flat out float v_kind;
  void main() {
    vec3 p = u_turn * a_position;
    gl_Position = vec4(p.xy * u_scale + u_shift, -p.z * 0.5, 1.0);
    gl_PointSize = a_kind > 0.0 ? max(u_size * 1.6, 7.0) : u_size;
    v_color = a_color;
    v_kind = a_kind;
  }`;
// Kinds: 1 is selected, with a ring; 2 is hollow; 3 is both.
const FRAGMENT = `#version 300 es
  precision highp float;
  uniform vec3 u_ring;
  in vec4 v_color;
  flat in float v_kind;
  out vec4 o_color;
  void main() {
    float r = length(gl_PointCoord - 0.5);
    if (r > 0.5 || (v_kind > 1.5 && r < 0.24)) discard;
    bool isRing = (v_kind == 1.0 || v_kind == 3.0) && r > 0.38;
    vec4 color = isRing ? vec4(u_ring, 1.0) : v_color;
    o_color = vec4(color.rgb, color.a * smoothstep(0.5, 0.42, r));
  }`;

function programOf(gl) {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ]) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  gl.useProgram(program);
  return program;
}

const cameraAtHome = () => ({ x: 0, y: 0, zoom: 1, yaw: 0.5, pitch: 0.3 });
// Where cameras are linked, all views of as many dimensions have one.
const shared = { 2: cameraAtHome(), 3: cameraAtHome() };
// Numbers of points: views of the same points have the same numbers.
const selected = new Set(data.views.flatMap((each) => [...numbersOf(each.selected)]));

class View {
  constructor(about, element) {
    this.dims = about.dims;
    this.isDeep = about.dims === 3;
    this.positions = new Float32Array(bytesOf(about.positions).buffer);
    this.colors = bytesOf(about.colors);
    this.kinds = bytesOf(about.hollow);
    this.points = numbersOf(about.points);
    this.rows = about.rows;
    this.labels = about.labels;
    this.folded = about.labels.map((label) => label.toLowerCase());
    this.columns = about.columns.map((each) => ({ ...each, codes: bytesOf(each.codes) }));
    this.size = about.size;
    this.n = this.points.length;
    this.camera = data.isLinked ? shared[about.dims] : cameraAtHome();
    this.canvas = element.querySelector("canvas");
    this.isRequested = false;
    const gl = this.canvas.getContext("webgl2", { alpha: false });
    this.gl = gl;
    const program = programOf(gl);
    this.uniform = (name) => gl.getUniformLocation(program, name);
    this.buffers = [0, 1, 2].map(() => gl.createBuffer());
    this.upload(0, this.positions, about.dims, gl.FLOAT, false);
    this.upload(1, this.colors, 4, gl.UNSIGNED_BYTE, true);
    this.showSelected();
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    gl.depthFunc(gl.LEQUAL);
    if (this.isDeep) gl.enable(gl.DEPTH_TEST);
    this.listen();
  }

  upload(location, array, size, type, isNormal) {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[location]);
    gl.bufferData(gl.ARRAY_BUFFER, array, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, type, isNormal, 0, 0);
  }

  showSelected() {
    const kinds = this.kinds.map(
      (hollow, at) => 2 * hollow + (selected.has(this.points[at]) ? 1 : 0),
    );
    this.upload(2, kinds, 1, this.gl.UNSIGNED_BYTE, false);
    this.redraw();
  }

  turn() {
    if (!this.isDeep) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
    const { yaw, pitch } = this.camera;
    const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
    return [cy, sp * sy, -cp * sy, 0, cp, sp, sy, -sp * cy, cp * cy];
  }

  scale() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const side = Math.min(width, height);
    return [(0.94 * this.camera.zoom * side) / width, (0.94 * this.camera.zoom * side) / height];
  }

  draw() {
    this.isRequested = false;
    const { gl, canvas, camera } = this;
    const ratio = devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(...data.background, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.uniformMatrix3fv(this.uniform("u_turn"), false, this.turn());
    gl.uniform2fv(this.uniform("u_scale"), this.scale());
    gl.uniform2f(this.uniform("u_shift"), camera.x, camera.y);
    gl.uniform3fv(this.uniform("u_ring"), data.text);
    gl.uniform1f(this.uniform("u_size"), Math.max(1.5, this.size * camera.zoom ** 0.5) * ratio);
    gl.drawArrays(gl.POINTS, 0, this.n);
  }

  redraw() {
    if (!this.isRequested) requestAnimationFrame(() => this.draw());
    this.isRequested = true;
  }

  nearest(x, y) {
    const { positions, dims, camera } = this;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const m = this.turn();
    const [sx, sy] = this.scale();
    let best = 12 ** 2;
    let found = -1;
    let front = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.n; i++) {
      const at = i * dims;
      const [a, b, c] = [positions[at], positions[at + 1], this.isDeep ? positions[at + 2] : 0];
      const px = ((m[0] * a + m[3] * b + m[6] * c) * sx + camera.x + 1) * 0.5 * width;
      const py = (1 - (m[1] * a + m[4] * b + m[7] * c) * sy - camera.y) * 0.5 * height;
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

  listen() {
    const { canvas } = this;
    let drag = null;
    let wayDragged = 0;
    canvas.addEventListener("pointerdown", (event) => {
      drag = { x: event.clientX, y: event.clientY };
      wayDragged = 0;
      canvas.setPointerCapture(event.pointerId);
      card.hidden = true;
    });
    canvas.addEventListener("pointerup", (event) => {
      drag = null;
      // A click: the pointer hardly moved while it was down.
      if (wayDragged < 4) select(this, this.nearest(event.offsetX, event.offsetY), event.shiftKey);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (drag) {
        const dx = event.clientX - drag.x;
        const dy = event.clientY - drag.y;
        wayDragged += Math.abs(dx) + Math.abs(dy);
        drag = { x: event.clientX, y: event.clientY };
        this.move(dx, dy, event.shiftKey);
        return;
      }
      const index = this.nearest(event.offsetX, event.offsetY);
      card.hidden = index < 0;
      canvas.style.cursor = index < 0 ? "grab" : "pointer";
      if (index < 0) return;
      card.textContent = this.nameOf(index);
      card.style.left = `${Math.min(event.clientX + 14, innerWidth - card.offsetWidth - 8)}px`;
      card.style.top = `${Math.min(event.clientY + 14, innerHeight - card.offsetHeight - 8)}px`;
    });
    canvas.addEventListener("wheel", (event) => this.zoom(event), { passive: false });
    canvas.addEventListener("dblclick", () => {
      Object.assign(this.camera, { x: 0, y: 0, zoom: 1 });
      redrawAll();
    });
  }

  move(dx, dy, isShift) {
    const { camera, canvas } = this;
    if (this.isDeep && !isShift) {
      const half = Math.min(canvas.clientWidth, canvas.clientHeight) / 2;
      camera.yaw += dx / half;
      camera.pitch = Math.min(1.57, Math.max(-1.57, camera.pitch + dy / half));
    } else {
      camera.x += (2 * dx) / canvas.clientWidth;
      camera.y -= (2 * dy) / canvas.clientHeight;
    }
    redrawAll();
  }

  zoom(event) {
    event.preventDefault();
    const { camera, canvas } = this;
    const factor = Math.exp(-event.deltaY * (event.deltaMode ? 0.03 : 0.0018));
    const zoom = Math.min(500, Math.max(0.2, camera.zoom * factor));
    const x = (2 * event.offsetX) / canvas.clientWidth - 1;
    const y = 1 - (2 * event.offsetY) / canvas.clientHeight;
    const ratio = zoom / camera.zoom;
    Object.assign(camera, { zoom, x: x + (camera.x - x) * ratio, y: y + (camera.y - y) * ratio });
    redrawAll();
  }

  nameOf(index) {
    return this.labels[index] || `#${this.rows[index]}`;
  }
}

const figures = [...document.querySelectorAll("figure")];
const views = data.views.map((about, at) => new View(about, figures[at]));
const numbers = new Set(views.flatMap((view) => [...view.points]));

function redrawAll() {
  for (const view of views) view.redraw();
}

// What is selected in one view is selected in all that have the point.
function select(view, index, isMore) {
  if (!isMore) selected.clear();
  const point = view.points[index];
  if (index >= 0 && !selected.delete(point)) selected.add(point);
  for (const each of views) each.showSelected();
  saySelected();
}

function saySelected() {
  const names = [];
  // To find a point takes a pass over all of them, and few are named.
  for (const point of selected) {
    if (names.length === 3) break;
    const view = views.find((each) => each.points.includes(point));
    if (view) names.push(view.nameOf(view.points.indexOf(point)));
  }
  const more = selected.size > names.length ? ` and ${selected.size - names.length} more` : "";
  field("selected").textContent = selected.size
    ? `${selected.size} selected: ${names.join(", ")}${more}`
    : "";
}

addEventListener("resize", redrawAll);
redrawAll();
saySelected();

// Search and filter: what does not match is context, faint and grey.
const names = new Map();
for (const { columns } of views) {
  for (const { name, names: values } of columns) {
    if (!names.has(name)) names.set(name, values);
  }
}
for (const name of names.keys()) field("column").append(new Option(name, name));
field("column").hidden = names.size === 0;

function applyFilter() {
  const text = field("search").value.trim().toLowerCase();
  const column = field("column").value;
  const value = field("value").value;
  const found = new Set();
  for (const view of views) {
    const own = view.columns.find(({ name }) => name === column);
    const code = own ? own.names.indexOf(value) : -1;
    const shown = view.colors.slice();
    for (let i = 0; i < view.n; i++) {
      const isFound = text === "" || view.folded[i].includes(text);
      const isKept = column === "" || (code >= 0 && own.codes[i] === code);
      if (isFound && isKept) found.add(view.points[i]);
      else shown.set([136, 136, 136, 36], i * 4);
    }
    view.upload(1, shown, 4, view.gl.UNSIGNED_BYTE, true);
    view.redraw();
  }
  const isAll = text === "" && column === "";
  field("found").textContent = isAll ? "" : `${found.size} of ${numbers.size}`;
}

field("find").addEventListener("submit", (event) => event.preventDefault());
field("search").addEventListener("input", applyFilter);
field("value").addEventListener("change", applyFilter);
field("column").addEventListener("change", () => {
  const values = names.get(field("column").value);
  field("value").hidden = values === undefined;
  field("value").replaceChildren(
    ...(values ?? []).map((name) => new Option(name || "(empty)", name)),
  );
  applyFilter();
});
