import { defineConfig, type Plugin } from "vite";

/** What is fetched when it is first wanted. */
const LATER = new RegExp(
  [
    "dialogs/(export|problems|shortcuts)-dialog",
    "dialogs/command-(palette|search)",
    "text/(byte-size|calendar|fuzzy)",
    "panels/(measures|runs|table)/",
    "panels/filter/(filter-panel|filter-chips|category-chart|number-chart|chart-counts|formulas)",
    "inspector/(bookmarks-panel|checks-panel|cross-table|nearness-lists|selection-details|selection-summary|point-card|point-media|search-results|nearest-results|neighbor-list|saved-selections|first-minute|plugin-panel)",
    "appearance/(cluster-search|hollow-points|ramp-view)",
    "controls/calendar-axis",
    "page/(run-search|drop-list|match-status|remote-use|match-finder|file-uploads|part-drag|bookmarks)",
    "plot/(cluster-card|caption-menus|density-note|drop-zones|rail)",
    "points/contact-sheet",
    "appearance/drift-(means|options|progress)",
    "inspector/drift-(groups|neighbors)",
    "quality/quality-panel",
    "data/file-drop",
    "data/(measuring[.]|tag-keeper|tags-sync|cluster-search|drift-finder|category-means|measurer|health|similarity|distributions|histograms)",
    "actions/(bookmarks|density|drift|dropped-parts|file-drops|matches|measures)",
    "selectors/(matching|measures)",
    "page/(density-behind|drift-lines|still-fade|plugin-panels|step-trails|view-painter)",
    "overlay/(density-image|hairlines|svg|svg-paper|trails)",
    "steps/step-motion",
    "projection/(alignment-control|axis-ends|projection-history|time-spent)",
    "projection/(laid-on|shared-frame|still-points)",
    "derived/shared-frames",
    "data/(density|largest-rows)",
    "tags/tag-(form|column-choice|field|values)",
    "view/(html-export|export-files|figure-export)",
    "model/(view/(bookmark|figure|png-density|tensorboard-bookmark)|projection/(python-call|motion|alignment)|color/cross-table)",
    "selectors/(python|first-minute|drift|step-motion)",
    "page.template",
    "viewer.js",
  ].join("|"),
);

/** Of some fifty color maps the page has one: the calls that make the others need not be made. */
export const oneColorMap: Plugin = {
  name: "one-color-map",
  transform(code, id) {
    if (!id.includes("d3-scale-chromatic")) return null;
    const calls =
      /(= |\(|, )(?=(new Array\(3\)\.concat|colors|ramp|ramp\$1|cubehelix\$1|rgb|interpolateCubehelixLong)\()/g;
    return { code: code.replace(calls, "$1/* @__PURE__ */ "), map: null };
  },
};

export default defineConfig({
  plugins: [oneColorMap],
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
    rolldownOptions: {
      treeshake: {
        moduleSideEffects: [{ test: /d3-(color|interpolate|scale-chromatic)/, sideEffects: false }],
      },
      output: {
        // What the first picture needs is one file: parts that share code with it compress worse.
        advancedChunks: {
          groups: [{ name: "page", test: (id) => !LATER.test(id) }],
        },
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:6006" } },
});
