/** The one thing that these tests need of Node.js; all its types would let them leak into the page. */
declare module "node:fs" {
  export function readFileSync(file: URL): Uint8Array<ArrayBuffer>;
}
