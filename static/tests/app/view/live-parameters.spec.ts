import { describe, expect, it } from "vitest";
import { goToStep } from "../../../src/store/actions/place";
import { openMethod, setParameter } from "../../../src/store/actions/projection";
import { isModified } from "../../../src/store/selectors/quality";
import { wantedProjection } from "../../../src/store/selectors/request";
import { refused } from "../../fakes/fake-transport";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

async function running(): Promise<OpenPage & { readonly id: string }> {
  const page = await openPage("#run=a&step=10");
  page.one.dispatch(openMethod("umap"));
  page.one.request({ kind: "run" });
  await pass(500);
  const { id } = page.server.last("a-10");
  page.server.frame(id, [1, 2, 3, 4, 5, 6]);
  await pass();
  return { ...page, id };
}

const updates = /^PATCH/;

describe("a live parameter", () => {
  it("is passed on to the running method once the hand rests", async () => {
    const { one, server, id } = await running();
    one.dispatch(setParameter("n_neighbors", 20));
    await pass(200);
    one.dispatch(setParameter("n_neighbors", 30));
    await pass(249);
    expect(server.count(updates)).toBe(0);
    await pass(1);
    expect(server.log).toContain(`PATCH projections/${id}`);
    expect(wantedProjection(one.state.peek())).toMatchObject({
      id: `${id}m`,
      params: { n_neighbors: 30 },
    });
    expect(isModified(one.state.peek())).toBe(true);
    // It is the same projection under another name: it goes on.
    expect(server.count(/DELETE/)).toBe(0);
    server.frame(`${id}m`, [6, 5, 4, 3, 2, 1]);
    await pass(1000);
    expect(one.state.value.work.shown?.projection).toBe(`${id}m`);
  });

  it("that ends in the same moment is no error; another refusal is", async () => {
    const { one, server, id } = await running();
    server.on("PATCH", `projections/${id}`, refused(409, "ConflictError", "It is done."));
    one.dispatch(setParameter("n_neighbors", 30));
    await pass(1000);
    expect(one.state.value.page.notices).toEqual([]);
    server.on("PATCH", `projections/${id}`, refused(422, "ParameterError", "Too large."));
    one.dispatch(setParameter("n_neighbors", 40));
    await pass(1000);
    expect(one.state.value.page.notices[0]?.message).toBe("Too large.");
  });

  it("is passed on for nothing where the view goes elsewhere meanwhile", async () => {
    const { one, server, id } = await running();
    const send = server.request.bind(server);
    server.request = async (request) => {
      const answer = await send(request);
      if (request.method === "PATCH") one.dispatch(goToStep(20));
      return answer;
    };
    one.dispatch(setParameter("n_neighbors", 30));
    await pass(1000);
    // It was stopped under a name that it no longer has; so it is stopped under its own.
    expect(server.log).toContain(`DELETE projections/${id}m`);
  });
});
