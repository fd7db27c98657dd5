import { describe, expect, it } from "vitest";
import { catalogApi } from "../../src/api/catalog";
import { type ListingBody, readListing } from "../../src/api/short-listing";
import type { Entry, Listing } from "../../src/model/data/listing";
import { FakeTransport, json } from "../fakes/fake-transport";
import { golden, wire } from "./golden";

const FIRST = body("listing.json");
const CHANGES = body("listing-changes.json");

function body(name: string): ListingBody {
  return JSON.parse(new TextDecoder().decode(golden(name))) as ListingBody;
}

/** Entries read their records: as the plain values that the server's long form has. */
function plain(listing: Listing): unknown {
  const keys = Object.keys(wire["listing.json"].entries[0] ?? {}) as (keyof Entry)[];
  const entries = listing.entries.map((entry) =>
    Object.fromEntries(keys.map((key) => [key, entry[key]])),
  );
  return { ...listing, entries };
}

describe("the listing in short", () => {
  it("says the same as the long one", () => {
    const kept = readListing(FIRST, null);
    expect(kept && plain(kept.listing)).toEqual(wire["listing.json"]);
  });

  it("is changed by what the server sends since", () => {
    const before = readListing(FIRST, null);
    const after = readListing(CHANGES, before);
    expect(after && plain(after.listing)).toEqual(wire["listing-changes.json"]);
    // What stayed is not made again.
    expect(after?.tensors[1]).toBe(before?.tensors[2]);
  });

  it("is not changed by changes of another one", () => {
    expect(readListing(CHANGES, null)).toBeNull();
    const other = readListing({ ...FIRST, version: "0" }, null);
    expect(readListing(CHANGES, other)).toBeNull();
  });
});

describe("the catalog", () => {
  it("asks for what changed since the listing that it has", async () => {
    const fake = new FakeTransport().on("GET", "log", json(FIRST), json(CHANGES));
    const catalog = catalogApi(fake);
    await catalog.listing();
    expect(plain(await catalog.listing())).toEqual(wire["listing-changes.json"]);
    const { version } = wire["listing.json"];
    expect(fake.log).toEqual(["GET log?form=short", `GET log?form=short&since=${version}`]);
  });

  it("asks for all where it cannot follow", async () => {
    const lost = { ...CHANGES, since: "of another server" };
    const fake = new FakeTransport().on("GET", "log", json(FIRST), json(lost), json(FIRST));
    const catalog = catalogApi(fake);
    await catalog.listing();
    expect(plain(await catalog.listing())).toEqual(wire["listing.json"]);
    expect(fake.log.at(-1)).toBe("GET log?form=short");
  });
});
