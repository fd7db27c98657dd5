// What TensorBoard runs in the frame of its tab: one script, which frames the page itself.
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: "dist/tensorboard",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: "src/tensorboard/tab.ts",
      preserveEntrySignatures: "strict",
      output: { format: "es", codeSplitting: false, entryFileNames: "tab.js" },
    },
  },
});
