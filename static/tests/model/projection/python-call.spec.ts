import { describe, expect, it } from "vitest";
import { type PythonCall, pythonCall } from "../../../src/model/projection/python-call";

const CALL: PythonCall = {
  root: '/data/my "runs"',
  run: "a",
  name: "hidden",
  step: 20,
  method: "umap",
  params: { n_neighbors: 5, densmap: true, metric: "cosine", n_components: 2, target: null },
  dims: 2,
  components: null,
  together: null,
  notes: [],
};

describe("a call in Python", () => {
  it("opens the data, and says what is not by default", () => {
    expect(pythonCall(CALL)).toBe(
      [
        "import projector",
        "",
        'log = projector.open_logdir("/data/my \\"runs\\"")',
        'data = log.load(log.find(run="a", name="hidden", step=20))',
        'p = projector.project(data, "umap", n_neighbors=5, densmap=True, metric="cosine", n_components=2, target=None)',
        "positions = p.positions",
        "",
      ].join("\n"),
    );
  });

  it("takes other components than the first from the scores", () => {
    const pca = { ...CALL, method: "pca", params: {}, components: [2, 0], step: null };
    expect(pythonCall(pca)).toContain('project(data, "pca", n_components=2)');
    expect(pythonCall(pca)).toContain("positions = p.scores[:, [2, 0]]");
    expect(pythonCall({ ...pca, components: [0, 1] })).toContain("positions = p.positions");
  });

  it("lays out all steps where the page did", () => {
    expect(pythonCall({ ...CALL, params: { n_neighbors: 5 }, together: 2 })).toBe(
      [
        "import projector",
        "",
        'log = projector.open_logdir("/data/my \\"runs\\"")',
        'entries = [e for e in log.entries if (e.run, e.name) == ("a", "hidden")]',
        "steps = [log.load(e) for e in sorted(entries, key=lambda e: e.step)]",
        's = projector.project_series(steps, "umap", n_neighbors=5)',
        "positions = s[2].positions",
        "",
      ].join("\n"),
    );
  });

  it("says what it cannot say", () => {
    const call = pythonCall({ ...CALL, root: null, notes: ["It was changed while it ran."] });
    expect(call).toContain("data = ...");
    expect(call).toContain("# It was changed while it ran.");
  });
});
