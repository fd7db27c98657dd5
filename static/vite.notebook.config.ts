// What a notebook needs: the widget's script, and the page as one script and one style sheet, since
// nothing in a cell has an address that parts could be fetched from.
import { defineConfig } from "vite";
import { oneColorMap } from "./vite.config.ts";

/** Built one after the other: `vite build --mode widget`, `vite build --mode page`. */
export default defineConfig(({ mode }) => ({
  plugins: [oneColorMap],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  publicDir: false,
  build: {
    outDir: "dist/notebook",
    emptyOutDir: false,
    target: "es2022",
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    modulePreload: false,
    // It is sent once, by a kernel that is mostly on the same machine.
    chunkSizeWarningLimit: 1000,
    cssCodeSplit: false,
    rolldownOptions: {
      input: `src/notebook/${mode}.ts`,
      preserveEntrySignatures: "strict",
      treeshake: {
        moduleSideEffects: [{ test: /d3-(color|interpolate|scale-chromatic)/, sideEffects: false }],
      },
      output: {
        format: "es",
        codeSplitting: false,
        entryFileNames: `${mode}.js`,
        assetFileNames: `${mode}[extname]`,
      },
    },
  },
}));
