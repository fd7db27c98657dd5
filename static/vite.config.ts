import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses: the page also works behind a proxy's path, as in a notebook server.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // The server's content security policy forbids data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script; every browser with WebGL2 and es2022 preloads itself.
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": "http://127.0.0.1:6006" } },
});
