import { describe, expect, it, vi } from "vitest";
import { JointFrames } from "../../src/api/joint-frames";
import { FakeTransport, refused, StreamSource, streamed } from "../fakes/fake-transport";
import { frameBytes, ofPart } from "../fakes/frames";

/** A frame of the nth of several projections. */
function partBytes(part: number, ...frame: Parameters<typeof frameBytes>): ArrayBuffer {
  return ofPart(part, frameBytes(...frame));
}

function set() {
  const fake = new FakeTransport();
  const joint = new JointFrames(fake);
  const sources = { p: new StreamSource(), many: new StreamSource() };
  fake.on("GET", "projections/p/frames", streamed(sources.p));
  fake.on("GET", "projections/frames", streamed(sources.many));
  const paths = () => fake.log.map((each) => each.replace(/^GET |\?.*/g, ""));
  const follow = (id: string, signal = new AbortController().signal) => joint.follow(id, 2, signal);
  return { fake, joint, sources, paths, follow };
}

describe("frames of several projections", () => {
  it("come over one connection, each to whoever follows it", async () => {
    const { fake, sources, paths, follow } = set();
    const all = ["a", "b", "c"].map((id) => follow(id));
    const first = all.map((each) => each.next());
    await vi.waitFor(() => expect(paths()).toEqual(["projections/frames"]));
    expect(fake.sent[0]?.query).toEqual({ ids: "a,b,c", dims: "2,2,2" });
    for (const part of [2, 0, 1]) {
      // In pieces that end in the middle of a number.
      const bytes = partBytes(part, [part, 7], 2);
      sources.many.push(bytes.slice(0, 3));
      sources.many.push(bytes.slice(3));
    }
    const values = (await Promise.all(first)).map(({ value }) => [...value.positions.values]);
    expect(values).toEqual([
      [0, 7],
      [1, 7],
      [2, 7],
    ]);
    sources.many.push(partBytes(1, [5, 5], 2, { isLast: true }));
    expect((await all[1]?.next())?.value).toMatchObject({ isLast: true });
    expect((await all[1]?.next())?.done).toBe(true);
    // The others go on in the same stream.
    sources.many.push(partBytes(0, [6, 6], 2));
    expect([...((await all[0]?.next())?.value.positions.values ?? [])]).toEqual([6, 6]);
    expect(paths()).toHaveLength(1);
  });

  it("are asked for anew when another one begins", async () => {
    const { sources, paths, follow } = set();
    const one = follow("p");
    const next = one.next();
    await vi.waitFor(() => expect(paths()).toEqual(["projections/p/frames"]));
    const other = follow("q");
    const coming = other.next();
    await vi.waitFor(() => expect(paths()).toHaveLength(2));
    expect(paths()[1]).toBe("projections/frames");
    sources.many.push(partBytes(0, [1, 1], 2));
    sources.many.push(partBytes(1, [2, 2], 2));
    expect([...((await next).value?.positions?.values ?? [])]).toEqual([1, 1]);
    expect([...((await coming).value?.positions?.values ?? [])]).toEqual([2, 2]);
  });

  it("are sent once to all who follow the same projection", async () => {
    const { sources, paths, follow } = set();
    const both = ["p", "p"].map((id) => follow(id).next());
    await vi.waitFor(() => expect(paths()).toEqual(["projections/p/frames"]));
    sources.p.push(frameBytes([4, 2], 2, { isLast: true }));
    for (const each of both) {
      expect([...((await each).value?.positions?.values ?? [])]).toEqual([4, 2]);
    }
  });

  it("are the newest ones where they are read slowly", async () => {
    const { sources, follow } = set();
    const slow = follow("a");
    const quick = follow("b");
    const begun = [slow.next(), quick.next()];
    sources.many.push(partBytes(0, [1, 1], 2));
    sources.many.push(partBytes(1, [1, 1], 2));
    await Promise.all(begun);
    for (const value of [2, 3, 4]) sources.many.push(partBytes(0, [value, 0], 2));
    sources.many.push(partBytes(0, [], 2));
    sources.many.push(partBytes(1, [9, 9], 2));
    await quick.next();
    expect([...((await slow.next()).value?.positions?.values ?? [])]).toEqual([4, 0]);
  });

  it("end for one that is aborted, and go on for the others", async () => {
    const { paths, sources, follow } = set();
    const stop = new AbortController();
    const gone = follow("a", stop.signal);
    const stays = follow("p");
    const waiting = gone.next();
    const next = stays.next();
    await vi.waitFor(() => expect(paths()).toHaveLength(1));
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    await vi.waitFor(() => expect(paths()).toEqual(["projections/frames", "projections/p/frames"]));
    sources.p.push(frameBytes([3, 3], 2, { isLast: true }));
    expect((await next).value).toMatchObject({ isLast: true });
  });

  it("fail for all of them where the server refuses", async () => {
    const { fake, follow } = set();
    fake.on("GET", "projections/frames", refused(503, "BusyError", "Too many streams."));
    const all = ["a", "b"].map((id) => follow(id).next());
    for (const each of all) await expect(each).rejects.toMatchObject({ status: 503 });
  });

  it("end where the connection does", async () => {
    const { sources, follow } = set();
    const all = ["a", "b"].map((id) => follow(id).next());
    sources.many.end();
    for (const each of all) expect((await each).done).toBe(true);
  });
});
