/** How widely the selected points lie in the projection, beside all points. */
export const version = 1;

export function mount(element, host) {
  const line = document.createElement("p");
  const button = document.createElement("button");
  button.textContent = "Select the outermost point";
  button.addEventListener("click", () => host.select([outermost(host)]));
  element.append(line, button);
  const show = ({ selection }) => {
    const all = radius(host);
    const some = radius(host, selection);
    line.textContent = `Radius of all: ${all.toFixed(2)}; of the selection: ${some.toFixed(2)}`;
  };
  return host.subscribe(show);
}

function outermost(host) {
  const reach = [...rows(host)].map((row) => distance(host, row));
  return reach.indexOf(Math.max(...reach));
}

function radius(host, chosen = rows(host)) {
  return Math.max(0, ...[...chosen].map((row) => distance(host, row)));
}

function rows({ positions: { values, dims } }) {
  return Array(values.length / dims).keys();
}

function distance({ positions: { values, dims } }, row) {
  return Math.hypot(...values.subarray(row * dims, (row + 1) * dims)) || 0;
}
