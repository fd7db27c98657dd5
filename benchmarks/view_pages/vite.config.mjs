// Bundles the pages of the peers in the folder into which they were installed; see view_peers.py.
import { resolve } from "node:path";

const nothing = resolve(import.meta.dirname, "nothing.js");

export default {
  base: "./",
  // Only its component for tables in a database needs Mosaic, which is not what is measured.
  resolve: { alias: { "@uwdata/mosaic-core": nothing, "@uwdata/mosaic-sql": nothing } },
  build: {
    outDir: "dist",
    target: "esnext",
    rolldownOptions: { input: ["regl.html", "four.html", "atlas.html"].filter((page) => process.env.PAGES.includes(page)) },
  },
};
