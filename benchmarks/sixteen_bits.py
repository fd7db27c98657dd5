"""Whether positions of 16 bits instead of 32 are worth it for very many points.

    python benchmarks/sixteen_bits.py                 20,000,000 points
    python benchmarks/sixteen_bits.py 5000000

A page of its own draws the same flat points twice, as small as they can be: from coordinates of 32
bits, and from whole numbers of 16 that the card divides by their largest. Rounds alternate;
rendering is by software. An error is that of a coordinate, in pixels of a picture 1,000 wide.
"""

from __future__ import annotations

import argparse
import shutil
import statistics

from playwright.sync_api import sync_playwright

FLAGS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
ROUNDS = 2
DRAW = """([nPoints, bits]) => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1000;
  const gl = canvas.getContext('webgl2');
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, `#version 300 es
      layout(location = 0) in vec2 at;
      void main() { gl_Position = vec4(2.0 * at - 1.0, 0.0, 1.0); gl_PointSize = 1.0; }`],
    [gl.FRAGMENT_SHADER, `#version 300 es
      precision highp float; out vec4 color; void main() { color = vec4(0.2, 0.4, 0.9, 1.0); }`],
  ]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  gl.useProgram(program);
  const wait = () => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  gl.drawArrays(gl.POINTS, 0, 1);
  wait();
  let state = 1;
  const next = () => (state = (1664525 * state + 1013904223) >>> 0) / 4294967296;
  const exact = new Float32Array(2 * nPoints);
  for (let i = 0; i < exact.length; i++) exact[i] = (next() + next() + next()) / 3;
  let began = performance.now();
  const values = bits === 32 ? exact : Uint16Array.from(exact, (each) => each * 65535 + 0.5);
  const made = performance.now() - began;
  began = performance.now();
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, bits === 32 ? gl.FLOAT : gl.UNSIGNED_SHORT, bits === 16, 0, 0);
  wait();
  const uploaded = performance.now() - began;
  const times = [];
  for (let round = 0; round < 3; round++) {
    began = performance.now();
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.drawArrays(gl.POINTS, 0, nPoints);
    wait();
    times.push(performance.now() - began);
  }
  let worst = 0;
  if (bits === 16)
    for (let i = 0; i < exact.length; i++)
      worst = Math.max(worst, Math.abs(values[i] / 65535 - exact[i]));
  const drawn = Math.min(...times);
  return { made, uploaded, drawn, bytes: values.byteLength, worst: 1000 * worst };
}"""


def main() -> None:
    """Print one row for each kind of position."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("points", nargs="?", type=int, default=20_000_000)
    options = parser.parse_args()
    found: dict[int, list[dict[str, float]]] = {32: [], 16: []}
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for _ in range(ROUNDS):
            for bits, rounds in found.items():
                page = browser.new_page()
                page.set_default_timeout(600_000)
                rounds.append(page.evaluate(DRAW, [options.points, bits]))
                page.close()
        browser.close()
    print(f"{options.points:,} points, medians of {ROUNDS} rounds\n")
    print("| bits | MB on the card | made, ms | uploaded, ms | drawn, ms | largest error, pixels |")
    print("|---|---|---|---|---|---|")
    for bits, rounds in found.items():
        made, uploaded, drawn, size, worst = (
            statistics.median(each[name] for each in rounds)
            for name in ("made", "uploaded", "drawn", "bytes", "worst")
        )
        print(f"| {bits} | {size / 1e6:.0f} | {made:.0f} | {uploaded:.0f} | {drawn:.0f} "
              f"| {worst:.3f} |")  # fmt: skip


if __name__ == "__main__":
    main()
