// The points as the server beside this page has them: x and y between -1 and 1, a group each.
export async function points() {
  const query = new URLSearchParams(location.search);
  const [places, groups, numbers] = await Promise.all(
    ["places", "groups", "numbers"].map(async (part) => {
      const answer = await fetch(`./points/${query.get("n")}/${part}`);
      return answer.arrayBuffer();
    }),
  );
  const values = new Float32Array(places);
  const n = values.length / 2;
  const x = values.subarray(0, n);
  const y = values.subarray(n);
  return { x: x.slice(), y: y.slice(), group: new Uint8Array(groups), number: new Float32Array(numbers) };
}

export const COLORS = Array.from({ length: 20 }, (_, at) => {
  const [r, g, b] = [0, 8, 4].map((k) => {
    const t = (k + (at / 20) * 12) % 12;
    return Math.round(255 * (0.5 - 0.4 * Math.max(-1, Math.min(t - 3, 9 - t, 1))));
  });
  return `#${[r, g, b].map((each) => each.toString(16).padStart(2, "0")).join("")}`;
});

// How regl-scatterplot draws them, alone and four times.
export const reglLook = (x) => ({
  pointSize: x.length > 300_000 ? 1.5 : 3,
  backgroundColor: "#ffffff",
  colorBy: "valueA",
  pointColor: COLORS,
});
