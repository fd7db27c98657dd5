import { describe, expect, it } from "vitest";
import {
  batchesIn,
  batchName,
  fileSize,
  namesOf,
  outcomeOf,
  shareSent,
  startDrop,
} from "../../../src/model/data/file-drop";
import type { Listing } from "../../../src/model/data/listing";
import { entry, listing } from "../../store/fixtures";

const files = [
  { name: "labels.tsv", size: 10 },
  { name: "Meine Wörter.NPY", size: 100 },
];

describe("a batch's name", () => {
  it("is the largest file's, as far as the server takes it", () => {
    expect(batchName(files, new Set())).toBe("meine-w-rter");
  });
  it("is that of the vectors, not of their metadata", () => {
    const parts = [
      { name: "Metadata_0.parquet", size: 900 },
      { name: "img_emb_0.npy", size: 100 },
    ];
    expect(batchName(parts, new Set())).toBe("img-emb-0");
    expect(batchName(parts.slice(0, 1), new Set())).toBe("metadata-0");
  });
  it("has no suffix, nor that of a compressed file", () => {
    expect(batchName([{ name: "emb.csv.gz", size: 1 }], new Set())).toBe("emb");
    expect(batchName([{ name: "glove.6B.zip", size: 1 }], new Set())).toBe("glove-6b");
  });
  it("is another one where it is taken", () => {
    expect(batchName(files, new Set(["meine-w-rter", "meine-w-rter-2"]))).toBe("meine-w-rter-3");
  });
  it("is always one that the server takes", () => {
    for (const name of ["單詞.npy", "...", `${"x".repeat(300)}.txt`, "-a-.npy", "a b  c"]) {
      expect(batchName([{ name, size: 1 }], new Set())).toMatch(/^[a-z0-9][a-z0-9-]{0,39}$/);
    }
  });
});

describe("the share that was sent", () => {
  it("counts all files together", () => {
    const drop = startDrop("b", files);
    const [first, second] = drop.files;
    if (!first || !second) throw new Error("two files");
    const sent = [{ ...first, state: "done" } as const, { ...second, sent: 45 }];
    expect(shareSent({ ...drop, files: sent })).toBe(0.5);
  });
  it("is whole for an empty file that is done", () => {
    const drop = startDrop("b", [{ name: "a", size: 0 }]);
    const done = drop.files.map((each) => ({ ...each, state: "done" }) as const);
    expect(shareSent({ ...drop, files: done })).toBe(1);
  });
});

describe("what became of a drop", () => {
  const log: Listing = {
    ...listing,
    entries: [...listing.entries, entry("dropped/b", 10), entry("dropped/b", 20)],
    problems: [{ run: "dropped/c", path: "dropped/c/x.npy", message: "bad", severity: "error" }],
  };
  it("is its last step", () => {
    expect(outcomeOf(log, "b").entry?.step).toBe(20);
  });
  it("is the log's reason where nothing could be read", () => {
    expect(outcomeOf(log, "c")).toMatchObject({ entry: null, problems: [{ message: "bad" }] });
  });
  it("takes its name", () => {
    expect(new Set(batchesIn(log))).toEqual(new Set(["b", "c"]));
  });
});

it("names files in a few words", () => {
  expect(namesOf(files.slice(0, 1))).toBe("labels.tsv");
  expect(namesOf(files)).toBe("labels.tsv and Meine Wörter.NPY");
  expect(namesOf([...files, ...files])).toBe("labels.tsv and 3 more");
});

it("writes sizes as file managers do", () => {
  expect([12, 1500, 34_000_000, 120_000_000].map(fileSize)).toEqual([
    "12 bytes",
    "1.5 kB",
    "34 MB",
    "120 MB",
  ]);
});
