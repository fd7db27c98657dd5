import { describe, expect, it } from "vitest";
import { fuzzyMatch } from "../../../src/model/text/fuzzy";
import { keyText, shownKey } from "../../../src/model/text/keys";

function best(query: string, names: readonly string[]): string | undefined {
  const found = names.flatMap((name) => {
    const match = fuzzyMatch(query, name);
    return match ? [{ name, score: match.score }] : [];
  });
  return found.sort((a, b) => b.score - a.score)[0]?.name;
}

describe("a name", () => {
  const names = ["Select all shown points", "Clear the selection", "Color by label", "Undo", "Run"];

  it("is found by its beginnings, its words in any order, and any letters in order", () => {
    expect(best("sas", names)).toBe("Select all shown points");
    expect(best("label col", names)).toBe("Color by label");
    expect(best("undo", names)).toBe("Undo");
    expect(best("clr sel", names)).toBe("Clear the selection");
    expect(best("xyz", names)).toBeUndefined();
  });

  it("says which of its letters were meant", () => {
    expect(fuzzyMatch("un", "Undo")?.hits).toEqual([0, 1]);
    expect(fuzzyMatch("", "Undo")?.hits).toEqual([]);
  });
});

describe("a key press", () => {
  const press = { key: "z", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

  it("reads alike on every system", () => {
    expect(keyText({ ...press, ctrlKey: true })).toBe("Ctrl+Z");
    expect(keyText({ ...press, metaKey: true, shiftKey: true, key: "Z" })).toBe("Ctrl+Shift+Z");
    expect(keyText({ ...press, key: "?", shiftKey: true })).toBe("?");
    expect(keyText({ ...press, key: "Enter", shiftKey: true })).toBe("Shift+Enter");
    expect(keyText({ ...press, key: "ArrowLeft", altKey: true })).toBe("Alt+ArrowLeft");
  });

  it("is shown as it stands on a keyboard", () => {
    expect(shownKey("Ctrl+Shift+Z")).toBe("Ctrl Shift Z");
    expect(shownKey("Alt+ArrowLeft")).toBe("Alt ←");
  });
});
