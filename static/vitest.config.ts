// Apart from vite.config.ts, because a build runs without the development dependencies.
import { defineConfig, mergeConfig } from "vitest/config";
import viteConfig from "./vite.config.ts";

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      include: ["tests/**/*.spec.{ts,tsx}"],
      // For a machine that is busy with something else: tests wait for conditions, not for times.
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  }),
);
