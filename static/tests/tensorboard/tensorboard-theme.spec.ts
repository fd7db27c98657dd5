// @vitest-environment jsdom
import { expect, it, vi } from "vitest";
import { followTheme } from "../../src/tensorboard/tensorboard-theme";

it("a frame prefers what TensorBoard shows, at first and later", async () => {
  const frame = document.createElement("iframe");
  const body = document.createElement("body");
  followTheme(frame, body);
  expect(frame.style.colorScheme).toBe("light");
  body.classList.add("dark-mode");
  await vi.waitUntil(() => frame.style.colorScheme === "dark");
  body.classList.remove("dark-mode");
  await vi.waitUntil(() => frame.style.colorScheme === "light");
});
