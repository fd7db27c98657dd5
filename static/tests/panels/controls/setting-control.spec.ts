import { describe, expect, it } from "vitest";
import { withKey } from "../../../src/panels/controls/setting-control";

describe("the help of a setting", () => {
  it("names the key, where there is one", () => {
    expect(withKey("Draw images", "I")).toBe("Draw images (I)");
    expect(withKey("Show names", "Shift+N")).toBe("Show names (Shift N)");
    expect(withKey("Connect points", undefined)).toBe("Connect points");
  });
});
