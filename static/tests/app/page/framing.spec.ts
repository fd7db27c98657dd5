import { describe, expect, it, vi } from "vitest";
import { startFraming } from "../../../src/app/page/framing";
import { projectionHeard, showPositions } from "../../../src/store/actions/projection";
import { addView } from "../../../src/store/actions/views";
import { createRootStore, scope } from "../../../src/store/store";
import { projection, shown } from "../../store/fixtures";

function show(root: ReturnType<typeof createRootStore>, id: string, name: string, size: number) {
  const store = scope(root, id);
  const aligned = name === "p0" ? null : "p0";
  store.dispatch(projectionHeard(projection({ id: name, aligned_to: aligned })));
  const positions = { values: Float32Array.of(0, 0, size, 0), dims: 2 as const };
  store.dispatch(showPositions({ ...shown(2), projection: name, positions }));
  return positions;
}

describe("the frames of a page's views", () => {
  it("are those of the positions until there is a second view, and then one", async () => {
    const root = createRootStore();
    const { framed, stop } = startFraming(root);
    const first = framed("1");
    expect(first.value).toBeNull();
    const positions = show(root, "1", "p0", 2);
    expect(first.value).toBe(positions);
    root.dispatch(addView({}));
    const second = root.state.peek().order[1] ?? "";
    const other = framed(second);
    const later = show(root, second, "p1", 8);
    expect(other.value).toBe(later);
    await vi.waitFor(() => expect(first.value?.frame?.radius).toBe(4));
    expect(other.value?.frame?.radius).toBe(4);
    stop();
  });

  it("ask for nothing after the page is closed", () => {
    const root = createRootStore();
    const { framed, stop } = startFraming(root);
    stop();
    root.dispatch(addView({}));
    const positions = show(root, "1", "p0", 2);
    expect(framed("1").value).toBe(positions);
  });
});
