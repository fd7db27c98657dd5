import { describe, expect, it } from "vitest";
import { follow } from "../../../src/store/actions/new-steps";
import { goToStep } from "../../../src/store/actions/place";
import { isPlaceGone } from "../../../src/store/selectors/companions";
import type { Store } from "../../../src/store/store";
import { entry } from "../../store/fixtures";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

/** A training writes a step. */
async function write({ server }: OpenPage, run: string, step: number): Promise<void> {
  server.write([...server.listing.entries, entry(run, step)]);
  await pass(100);
}

const step = ({ state }: Store) => state.peek().view.place?.step;
const newest = ({ state }: Store) => state.peek().news.newest?.step ?? null;

describe("a new step", () => {
  it("is announced, and gone to only when it is chosen", async () => {
    const page = await openPage("#run=a&step=10");
    await write(page, "a", 30);
    expect([step(page.one), newest(page.one)]).toEqual([10, 30]);
    page.one.dispatch(goToStep(30));
    expect(newest(page.one)).toBeNull();
    await pass(1000);
    expect(page.one.state.value.work.shown?.dataset).toBe("a-30");
  });

  it("of another run is none", async () => {
    const page = await openPage("#run=a&step=10");
    await write(page, "b", 30);
    expect(newest(page.one)).toBeNull();
  });

  it("is no longer announced in another run", async () => {
    const page = await openPage("#run=a&step=10");
    await write(page, "a", 30);
    page.one.dispatch((state) => ({
      ...state,
      view: { ...state.view, place: { run: "b", name: "hidden", step: 10 } },
    }));
    expect(newest(page.one)).toBeNull();
  });

  it("is gone to by those who follow, today and after the page was closed", async () => {
    const page = await openPage("#run=a&step=20");
    page.one.dispatch(follow(true));
    await write(page, "a", 30);
    expect(step(page.one)).toBe(30);
    expect(page.browser.storage.get("projector.follow-newest-step")).toBe("1");
    page.page.stop();
    const again = await openPage("#run=a&step=20", page.server, ({ storage }) => {
      storage.set("projector.follow-newest-step", "1");
    });
    await write(again, "a", 40);
    expect(step(again.one)).toBe(40);
  });
});

describe("a deleted step", () => {
  it("stays on the screen as long as a person does not go on", async () => {
    const { one, server } = await openPage("#run=a&step=10");
    server.write(server.listing.entries.slice(1));
    await pass(1000);
    expect(isPlaceGone(one.state.peek())).toBe(true);
    expect(one.state.value.work.shown?.dataset).toBe("a-10");
  });
});

describe("a rewritten step", () => {
  it("is computed anew where it is shown, and only there", async () => {
    const { one, server } = await openPage("#run=a&step=10");
    await pass(3000);
    const count = () =>
      server.starts.filter(({ params }) => Object.keys(params).length === 0).length;
    const before = count();
    const rewrite = (id: string) => {
      const change = (revision: string) => (each: ReturnType<typeof entry>) =>
        each.id === id ? { ...each, revision } : each;
      server.write(server.listing.entries.map(change(`${id} again`)));
    };
    rewrite("b-10");
    await pass(3000);
    expect(count()).toBe(before);
    rewrite("a-10");
    await pass(3000);
    expect(count()).toBe(before + 1);
    expect(one.state.value.work.shown?.dataset).toBe("a-10");
  });
});
